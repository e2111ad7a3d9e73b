import pytest

from zhiyin.core import errors
from zhiyin.core.errors import DataError, MissingColumns, NotFound, StoreError, UsageError, ZhiyinError, listed, one_of
from zhiyin.core.words import Say

WHAT, FIX = Say("金额不是数字。", "The amount is not a number."), Say("只写数字。", "Write digits only.")
CLASSES = [kind for name in errors.__all__ if isinstance(kind := getattr(errors, name), type)]


def test_a_message_says_what_was_seen_and_what_to_do():
    problem = DataError(WHAT, got="twelve", fix=FIX)
    assert str(problem) == "The amount is not a number. Got twelve. Fix: Write digits only."
    assert problem.in_("zh") == "金额不是数字。看到的是：twelve。解决办法：只写数字。"


def test_nothing_seen_is_left_out():
    assert str(DataError(WHAT, fix=FIX)) == "The amount is not a number. Fix: Write digits only."


def test_a_full_stop_is_not_doubled():
    assert "twelve. Fix" in str(DataError(WHAT, got="twelve.", fix=FIX))


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_has_an_exit_code_and_says_the_same(kind):
    problem = kind(WHAT, got=3, fix=FIX)
    assert isinstance(problem, ZhiyinError)
    assert problem.exit_code in (2, 3, 4, 5)
    assert str(problem) == "The amount is not a number. Got 3. Fix: Write digits only."


def test_errors_resemble_the_builtin_ones():
    assert issubclass(MissingColumns, KeyError)
    assert issubclass(StoreError, OSError)
    assert {kind.exit_code for kind in CLASSES} == {2, 3, 4, 5}


def test_long_lists_are_cut_with_a_count():
    assert listed(range(14)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 (+2)"
    assert listed([]) == ""


def test_one_of_what_is_known_or_a_list_of_it():
    assert one_of({"tea": 1}, "tea", what=WHAT) == 1
    with pytest.raises(NotFound, match="The amount is not a number. Got coffee. Fix: Use one of tea, water."):
        one_of({"tea": 1, "water": 2}, "coffee", what=WHAT)
    with pytest.raises(UsageError):
        one_of({}, "coffee", what=WHAT, error=UsageError)
