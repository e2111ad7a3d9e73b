"""What came of a contact, in the words of who made it."""

from __future__ import annotations

import math

import pytest

import zhiyin
from zhiyin.core.errors import UsageError


def test_an_outcome_is_kept_with_who_when_and_for_which_question(another_shop):
    with zhiyin.open(another_shop, actor="wang") as workspace:
        first = workspace.today()[0]
        noted = workspace.outcome(str(first["customer_id"]), "成交", amount=88.8, at="2026-09-28")
        (kept,) = workspace._home.journal.outcomes(str(first["customer_id"]))
    assert (noted["kind"], noted["amount"], noted["at"], noted["by"]) == ("bought", 8880, "2026-09-28", "wang")
    assert (kept["question"], kept["outcome_id"]) == (first["question"], noted["outcome_id"])


def test_two_outcomes_of_one_day_are_two(another_shop):
    with zhiyin.open(another_shop) as workspace:
        for _ in range(2):
            workspace.outcome("K5000", "unreachable", at="2026-09-28")
        assert len(workspace.explain("K5000")["noted"]) == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "perhaps"}, "There is no such outcome. Got perhaps."),
        ({"kind": "bought", "at": "tomorrow"}, "This is not a day. Got tomorrow."),
        ({"kind": "bought", "amount": math.nan}, "This is no amount of money. Got nan."),
        ({"kind": "bought", "amount": 1e300}, "This is no amount of money. Got 1e+300."),
    ],
)
def test_what_is_no_outcome_is_refused_and_nothing_is_kept(another_shop, given, sentence):
    with zhiyin.open(another_shop) as workspace:
        with pytest.raises(UsageError) as refused:
            workspace.outcome("K5000", **given)
        assert str(refused.value).startswith(sentence)
        assert workspace._home.journal.outcomes() == []
