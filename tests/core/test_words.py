from zhiyin.core.words import Say


def test_a_sentence_is_said_in_the_language_of_the_reader():
    hello = Say("你好", "Hello")
    assert (hello.in_("zh"), hello.in_("en")) == ("你好", "Hello")


def test_slots_are_filled_in_both_languages():
    assert Say("{n} 位客户", "{n} customers").fill(n=3) == Say("3 位客户", "3 customers")
