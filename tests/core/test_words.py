from zhiyin.core.words import Say


def test_a_sentence_is_said_in_the_language_of_the_reader():
    hello = Say("你好", "Hello")
    assert (hello.in_("zh"), hello.in_("en")) == ("你好", "Hello")


def test_slots_are_filled_in_both_languages():
    assert Say("{n} 位客户", "{n} customers").fill(n=3) == Say("3 位客户", "3 customers")


def test_one_of_a_thing_is_singular_in_english():
    told = Say("{n}天前，{m}次", "{n} days ago, {m} orders")
    assert told.fill(n=1, m=1).en == "1 day ago, 1 order"
    assert told.fill(n=21, m="2.1").en == "21 days ago, 2.1 orders"
    assert told.fill(n=1, m=1).zh == "1天前，1次"
