import pytest

from zhiyin.core.errors import UsageError
from zhiyin.core.tables import table_named
from zhiyin.improve.outcomes import KINDS, validated_kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [("bought", "bought"), (" Answered ", "answered"), ("不需要", "no_need"), ("联系不上", "unreachable"), ("used the offer", "redeemed")],
)
def test_an_outcome_is_said_by_its_code_or_its_word(said: str, kind: str) -> None:
    assert validated_kind(said) == kind


def test_an_unknown_outcome_lists_those_that_exist() -> None:
    with pytest.raises(UsageError, match=r"There is no such outcome\. Got maybe\. Fix: Use one of bought, answered, redeemed"):
        validated_kind("maybe")


def test_the_kinds_are_those_of_the_table() -> None:
    column = next(column for column in table_named("outcome").columns if column.name == "kind")
    assert set(column.words.en.replace(",", "").split()) == set(KINDS)
