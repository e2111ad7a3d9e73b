import pytest

from zhiyin.core.words import Say, one_of_each


def test_a_sentence_is_said_in_the_language_of_the_reader():
    hello = Say("你好", "Hello")
    assert (hello.in_("zh"), hello.in_("en")) == ("你好", "Hello")


def test_slots_are_filled_in_both_languages():
    assert Say("{n} 位客户", "{n} customers").fill(n=3) == Say("3 位客户", "3 customers")
    assert Say("{n} 位客户", "{n} customers").fill(n=1) == Say("1 位客户", "1 customer")


@pytest.mark.parametrize("kept", ["11 days", "2.1 days", "4,001 orders", "1 yes", "A1 days", "1 dayshift"])
def test_only_a_count_of_one_takes_the_singular(kept):
    assert one_of_each(kept) == kept
