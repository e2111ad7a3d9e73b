from datetime import UTC, datetime, timedelta

import pytest

from zhiyin.store.outbox import RETRY_SECONDS, Outbox

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def clock():
    class Clock:
        now = NOW

        def __call__(self):
            return self.now

    return Clock()


@pytest.fixture
def outbox(ledger, clock):
    return Outbox(ledger, clock)


def _message(number=1):
    return {"message_id": f"w{number}", "department": "stock", "way": "mail", "subject": "s", "body": "b"}


def test_a_message_is_written_once_and_due_at_once(outbox):
    assert outbox.add([_message(1), _message(2)]) == 2
    assert outbox.add([_message(1)]) == 0
    assert [row["message_id"] for row in outbox.due()] == ["w1", "w2"]


def test_what_arrived_is_not_sent_again(outbox):
    outbox.add([_message()])
    outbox.arrived("w1", answer="HTTP 204")
    (row,) = outbox.all()
    assert (outbox.due(), row["state"], row["tries"], row["answer"], row["sent_at"][:10]) == ([], "sent", 1, "HTTP 204", "2026-11-21")


def test_failures_are_tried_again_later_and_later_until_nobody_hopes(outbox, clock):
    outbox.add([_message()])
    for tried, seconds in enumerate(RETRY_SECONDS, start=1):
        outbox.failed("w1", answer="HTTP 500", again=True)
        assert outbox.due() == []
        clock.now += timedelta(seconds=seconds - 1)
        assert outbox.due() == []
        clock.now += timedelta(seconds=1 + seconds * 0.1)
        assert [row["tries"] for row in outbox.due()] == [tried]
    outbox.failed("w1", answer="HTTP 500", again=True)
    assert (outbox.all()[0]["state"], outbox.due()) == ("failed", [])
    assert outbox.again() == 1
    assert len(outbox.due()) == 1


def test_who_asks_for_patience_gets_it_and_who_wants_no_more_is_left_alone(outbox, clock):
    outbox.add([_message(1), _message(2)])
    outbox.failed("w1", answer="HTTP 429", again=True, after_seconds=3600)
    outbox.failed("w2", answer="HTTP 410", again=False)
    clock.now += timedelta(seconds=3599)
    assert outbox.due() == []
    clock.now += timedelta(seconds=1)
    assert [row["message_id"] for row in outbox.due()] == ["w1"]
