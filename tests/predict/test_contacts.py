from zhiyin.predict.contacts import CALL, UPLIFT
from zhiyin.predict.topics import topic_of


def test_what_calls_came_to_is_fetched_and_can_be_said():
    assert {"calls_all", "calls_yes_all", "days_since_call"} <= CALL.reads & UPLIFT.reads
    assert topic_of("call_yes_rate").name == topic_of("days_since_call").name == "calls"
