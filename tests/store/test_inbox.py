"""Is every event that was acknowledged here, once, and is every one counted?"""

import datetime
import threading
from concurrent.futures import wait

import pytest

from store.events import NOON, request
from zhiyin.core.errors import Busy, KeyProblem, StoreError
from zhiyin.store.inbox import Inbox
from zhiyin.store.inbox_rows import Receipt


@pytest.fixture
def inbox(tmp_path, keys):
    made = Inbox(tmp_path / "inbox.db", keys.inbox, clock=lambda: NOON)
    yield made
    made.close()


@pytest.fixture
def owned(inbox):
    with inbox.start(queue=1000):
        yield inbox


def put(inbox, *requests):
    return [future.result() for future in [inbox.put(one) for one in requests]]


def counted(inbox):
    [count] = inbox.counts()
    assert count.received == count.stored + count.duplicate + count.refused
    return tuple(count[1:])


def test_a_request_comes_back_as_it_went_in(owned):
    [receipt] = put(owned, request("a", "b"))
    assert receipt == Receipt(1, 2, (), (), 0)
    [body] = owned.bodies(0)
    assert body == (1, "web", "segment:batch", NOON, b"web:a,b:x", None)
    assert (owned.last(), counted(owned)) == (1, (2, 2, 0, 0, 0))


def test_an_event_is_stored_once(owned):
    receipts = put(owned, request("a", "b"), request("b", "c"), request("a"), request("d", "d"))
    assert [(one.body_id, one.stored, one.duplicate) for one in receipts] == [(1, 2, ()), (2, 1, (0,)), (0, 0, (0,)), (3, 1, (1,))]
    assert [body.places for body in owned.bodies(0)] == [None, frozenset([1]), frozenset([0])]
    assert counted(owned) == (7, 4, 3, 0, 0)


def test_the_same_id_of_two_sources_is_two_events(owned):
    assert [one.stored for one in put(owned, request("a"), request("a", source="app"))] == [1, 1]
    assert [(one.source, one.stored) for one in owned.counts()] == [("app", 1), ("web", 1)]


def test_the_same_id_with_other_content_is_refused_and_kept(owned):
    put(owned, request("a"))
    [receipt] = put(owned, request("a", "b", content="y"))
    assert receipt == Receipt(2, 1, (), (0,), 1)
    [refusal] = owned.refused()
    assert (refusal.code, refusal.stage, refusal.body_id, refusal.place, refusal.raw) == ("id_conflict", "door", 2, 0, None)
    assert owned.body(2).bytes == b"web:a,b:y"
    assert counted(owned) == (3, 2, 0, 1, 0)


def test_what_the_door_refused_is_kept_with_its_bytes(owned):
    put(owned, request("a", unfit=[(1, "no_event_name", "/batch/1/event", b'{"x": 1}')]), request(unfit=[(0, "bad", "", b"?")]))
    first, second = owned.refused()
    assert (first.code, first.pointer, first.raw, first.body_id) == ("no_event_name", "/batch/1/event", b'{"x": 1}', 1)
    assert (second.code, second.raw, second.body_id) == ("bad", b"?", None)
    assert [body.places for body in owned.bodies(0)] == [frozenset([0])]
    assert owned.refusals.grouped() == [("web", "door", "bad", 1, 2), ("web", "door", "no_event_name", 1, 1)]
    assert counted(owned) == (3, 1, 0, 2, 0)


def test_a_new_owner_knows_what_the_one_before_stored(tmp_path, keys):
    for run, stored in ((1, 2), (2, 0)):
        made = Inbox(tmp_path / "inbox.db", keys.inbox)
        with made.start(queue=100):
            assert put(made, request("a", "b"))[0].stored == stored, run
            assert put(made, request("a", content="y"))[0].conflict == (0,)
        made.close()


def test_a_second_owner_is_turned_away_by_name(owned, tmp_path, keys):
    other = Inbox(tmp_path / "inbox.db", keys.inbox)
    with pytest.raises(Busy, match=r"Another zhiyin takes events in; only one may at a time\. Got pid \d+"), other.start(queue=100):
        pass
    assert other.is_owned()
    assert other.last() == 0
    with pytest.raises(Busy, match=r"Nobody takes events in\. Fix: Run `zhiyin serve` first"):
        other.put(request("a"))
    other.close()


def test_another_process_key_is_refused(owned, tmp_path):
    with pytest.raises(KeyProblem, match="another key"):
        Inbox(tmp_path / "inbox.db", b"z" * 32)


def test_a_full_queue_turns_requests_away_and_loses_none(inbox):
    gate, entered = threading.Event(), threading.Event()
    write = inbox._write

    def slow(group):
        entered.set()
        gate.wait()
        return write(group)

    inbox._write = slow
    with inbox.start(queue=100):
        kept = [inbox.put(request("first"))]
        entered.wait()
        kept += [inbox.put(request(*(f"{n}-{at}" for at in range(50)))) for n in range(2)]
        with pytest.raises(Busy, match=r"Too many events wait for the disk\. Got 100 \(serve\.queue = 100\)"):
            inbox.put(request("late"))
        gate.set()
        wait(kept)
        assert [future.result().stored for future in kept] == [1, 50, 50]
        assert put(inbox, request("late"))[0].stored == 1


def test_a_request_larger_than_the_queue_is_taken_when_nothing_waits(inbox):
    with inbox.start(queue=100):
        assert put(inbox, request(*map(str, range(500))))[0].stored == 500


def test_what_waits_is_written_before_the_end(inbox):
    with inbox.start(queue=1000):
        futures = [inbox.put(request(str(number))) for number in range(50)]
    assert [future.result().stored for future in futures] == [1] * 50
    assert not inbox.alive()


def test_answers_come_in_one_go_where_the_reader_wants_them(inbox):
    delivered = []
    with inbox.start(queue=1000, deliver=delivered.append):
        futures = [inbox.put(request(str(number))) for number in range(20)]
    assert not any(future.done() for future in futures)
    for answer in delivered:
        answer()
    assert all(future.done() for future in futures)


def test_a_failed_write_fails_its_requests_and_the_next_goes_on(owned, monkeypatch):
    def full(*_, **__):
        raise StoreError(**{"what": request_words(), "got": "inbox.db", "fix": request_words()})

    with monkeypatch.context() as broken:
        broken.setattr("zhiyin.store.inbox.write", full)
        with pytest.raises(StoreError, match="full"):
            owned.put(request("a")).result()
    assert put(owned, request("a"))[0].stored == 1
    assert counted(owned) == (1, 1, 0, 0, 0)


def request_words():
    from zhiyin.core.words import Say

    return Say("满了。", "It is full.")


def test_one_request_that_cannot_be_written_leaves_the_others(owned):
    future, broken = owned.put(request("a")), owned.put(request("b")._replace(form="\ud800"))
    assert future.result().stored == 1
    with pytest.raises(UnicodeEncodeError):
        broken.result()
    assert put(owned, request("b"))[0].stored == 1


def test_a_reader_wakes_when_something_came(owned):
    assert not owned.wait(0, 0.01)
    woken = []
    thread = threading.Thread(target=lambda: woken.append(owned.wait(0, 30)))
    thread.start()
    put(owned, request("a"))
    thread.join()
    assert woken == [True]
    assert owned.wait(0, 0)
    assert not owned.wait(1, 0.01)


def test_another_process_sees_what_came(owned, tmp_path, keys):
    other = Inbox(tmp_path / "inbox.db", keys.inbox)
    assert not other.wait(0, 0.01)
    put(owned, request("a"))
    assert other.wait(0, 1)
    assert [body.bytes for body in other.bodies(0)] == [b"web:a:x"]
    other.close()


def test_bodies_are_read_in_pieces(owned):
    put(owned, *(request(str(number)) for number in range(7)))
    assert [body.body_id for body in owned.bodies(2, 3)] == [3, 4, 5]
    assert owned.body(8) is None


def test_a_later_stage_notes_what_it_cannot_use_once(owned):
    put(owned, request("a", "b"))
    rows = [(1, 1, "meaning", "no_product", "/batch/1", b"{}"), (99, 0, "meaning", "gone", "", b"")]
    assert [owned.refuse(rows), owned.refuse(rows)] == [1, 0]
    assert [(one.stage, one.form, one.received_at) for one in owned.refused(stage="meaning")] == [("meaning", "segment:batch", NOON)]
    assert counted(owned) == (2, 2, 0, 0, 1)


def test_expired_bodies_go_and_their_ids_stay(owned):
    put(owned, request("a"), request("b", at=NOON - datetime.timedelta(days=40)))
    put(owned, request("a", content="y"))
    limit = NOON - datetime.timedelta(days=30)
    assert owned.expire(99, limit) == 1
    assert owned.expire(99, NOON + datetime.timedelta(days=1)) == 1  # the one with a conflict is still needed
    assert [body.body_id for body in owned.bodies(0)] == [3]
    assert put(owned, request("a", "b"))[0].duplicate == (0, 1)
    assert put(owned, request("c"))[0].body_id == 4


def test_numbers_are_never_given_twice(tmp_path, keys):
    for body_id in (1, 2):
        made = Inbox(tmp_path / "inbox.db", keys.inbox)
        with made.start(queue=100):
            assert put(made, request(str(body_id)))[0].body_id == body_id
            assert made.expire(99, NOON + datetime.timedelta(days=1)) == 1
            assert made.last() == body_id
        made.close()


def test_a_refusal_that_is_brought_back_moves_in_the_counts(owned):
    put(owned, request("a"), request("a", content="y"), request(unfit=[(0, "bad", "", b"?")]))
    owned.refuse([(1, 0, "meaning", "useless", "", b"{}")])
    assert counted(owned) == (3, 1, 0, 2, 1)
    assert owned.refusals.ask(code="id_conflict") == 1
    [asked] = owned.refusals.asked()
    assert put(owned, request("new", content="y", replays=asked.refused_id))[0].stored == 1
    assert counted(owned) == (3, 2, 0, 1, 1)
    assert owned.refusals.ask(stage="meaning") == 1
    [asked] = owned.refusals.asked()
    put(owned, request("again", replays=asked.refused_id, counted=False))
    assert counted(owned) == (3, 2, 0, 1, 0)
    assert owned.refusals.ask() == 1
    [asked] = owned.refusals.asked()
    put(owned, request(unfit=[(0, "bad", "", b"?")], replays=asked.refused_id))
    owned.refusals.leave([asked.refused_id])
    assert (counted(owned), owned.refusals.asked()) == ((3, 2, 0, 1, 0), [])


def test_many_small_requests_fit_into_one_commit(owned):
    futures = [owned.put(request(str(number))) for number in range(900)]
    assert sum(future.result().stored for future in futures) == 900
    assert [body.body_id for body in owned.bodies(0, 1000)] == list(range(1, 901))


@pytest.mark.parametrize(
    "hours",
    [[0, 48, -48, 1], [0, -9000, 9000], [0, 1 / 3600, -1 / 3600]],
)
def test_a_clock_that_jumps_changes_neither_order_nor_ids(tmp_path, keys, hours):
    now = [NOON]
    made = Inbox(tmp_path / "inbox.db", keys.inbox, clock=lambda: now[0])
    with made.start(queue=100):
        for number, step in enumerate(hours):
            now[0] += datetime.timedelta(hours=step)
            assert put(made, request("same", str(number), at=now[0]))[0].stored == (2 if number == 0 else 1)
        assert [body.body_id for body in made.bodies(0)] == list(range(1, len(hours) + 1))
        assert made.bodies(0, 9) and [body.received_at for body in made.bodies(0)][-1] == now[0]
    made.close()


def test_a_leap_day_and_the_hour_that_comes_twice_are_kept_exactly(owned):
    times = [
        datetime.datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=datetime.UTC),
        datetime.datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
        datetime.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
    ]
    put(owned, *(request(str(number), at=at) for number, at in enumerate(times)))
    assert [body.received_at for body in owned.bodies(0)] == times
