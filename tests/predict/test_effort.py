from zhiyin.predict.effort import effort


def test_more_time_allows_more_and_a_larger_table_less():
    rich, lean = effort(5_000, 20, budget_s=600), effort(5_000, 20, budget_s=0.001)
    assert rich.folds > lean.folds
    assert set(lean.parts) == {"logistic", "brisk"}
    assert len(effort(5_000, 20, budget_s=60).parts) > len(effort(3_000_000, 200, budget_s=60).parts)


def test_the_same_table_gets_the_same_plan():
    assert effort(10_000, 30, budget_s=30) == effort(10_000, 30, budget_s=30)
