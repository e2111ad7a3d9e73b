import math

import pytest

from zhiyin.core.errors import UsageError
from zhiyin.learn.cut import NO_MODEL, at_cut, picked

LABELS = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
VALUES = [0.9, 0.2, 0.8, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]


def test_the_likeliest_are_picked_and_ties_by_their_share():
    assert picked([0.9, 0.1, 0.5, 0.7], share=0.5).tolist() == [1, 0, 0, 1]
    assert picked([0.5, 0.5, 0.5, 0.5], share=0.5).tolist() == [0.5] * 4
    assert picked([0.9, 0.2, 0.2], share=2 / 3).tolist() == pytest.approx([1, 0.5, 0.5])
    assert picked([], share=0.5).tolist() == []


def test_the_figures_at_the_cut_can_be_counted_by_hand():
    figures = {name: figure.value for name, figure in at_cut(LABELS, VALUES, share=0.2).items()}  # picked: one hit, one miss
    assert figures == pytest.approx({"accuracy": 0.8, NO_MODEL: 0.8, "precision": 0.5, "recall": 0.5, "f1": 0.5})


def test_accuracy_hides_what_precision_and_auc_show():
    """Of a hundred, fifteen: a model that knows nothing is right for 85 of 100 when it picks nearly nobody."""
    labels = [1] * 15 + [0] * 85
    figures = at_cut(labels, [0.5] * 100, share=0.01)
    assert figures["accuracy"].value == pytest.approx(0.843)
    assert figures[NO_MODEL].value == 0.85
    assert figures["recall"].value == pytest.approx(0.01)


def test_what_nobody_can_answer_is_no_number():
    figures = at_cut([0, 0], [0.2, 0.1], share=0.5)
    assert math.isnan(figures["recall"].value)
    assert figures[NO_MODEL].value == 1


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_an_impossible_share_is_refused(share):
    with pytest.raises(UsageError, match="The share that is picked must lie above 0 and be 1 at most") as told:
        picked([0.1], share=share)
    assert "选取的比例要大于 0" in told.value.in_("zh")
