"""Do refused events come back once the reason is gone, in the right counts?"""

import threading

import pytest

from app.intake import TRACK, counted, send
from zhiyin.app.home import open_home
from zhiyin.app.raw_events import export_events
from zhiyin.app.refused import refused_events
from zhiyin.app.replaying import Replayed, replay, replaying
from zhiyin.app.serving import open_serving
from zhiyin.core.errors import PrivacyError, StoreError, UsageError
from zhiyin.guard.access import OWNER, Actor


@pytest.fixture
def refused(home):
    """One stored; one with its id and other content, sent twice; one without a user."""
    send(home, {"batch": [TRACK]}, {"batch": [TRACK | {"event": "Other"}, {"type": "track", "event": "E"}]})
    send(home, TRACK | {"event": "Other"}, form="segment:track")
    assert counted(home) == (4, 1, 0, 3)
    return home


def test_a_conflict_comes_back_under_an_id_of_its_own_once(refused):
    assert replay(refused, code="id_conflict") == Replayed(2, 2)
    assert counted(refused) == (4, 2, 1, 1)
    [_, _, _, again] = refused.inbox.bodies(0)
    assert b"messageId" not in again.bytes
    assert b"Other" in again.bytes
    assert replay(refused, code="id_conflict") == Replayed(0, 0)


def test_what_is_still_unfit_stays_refused_with_its_bytes(refused):
    assert replay(refused, code="no_user_anon_id").answer() == {"tried": 1, "taken": 0, "refused": 1}
    assert counted(refused) == (4, 1, 0, 3)
    [left] = refused.inbox.refused(code="no_user_anon_id")
    assert left.raw == b'{"batch":[{"type":"track","event":"E"}]}'


def test_what_the_door_can_take_by_now_comes_back(refused, monkeypatch):
    monkeypatch.setattr("zhiyin.collect.tracking.door._is_id", lambda _: True)
    assert replay(refused, stage="door", code="no_user_anon_id") == Replayed(1, 1)
    assert counted(refused) == (4, 2, 0, 2)


def test_what_a_later_stage_could_not_use_is_given_to_it_again(refused):
    refused.inbox.refuse([(1, 0, "meaning", "useless", "", b"{}"), (2, 0, "projection", "full", "", b'{"type":"track"}')])
    before = refused.inbox.last()
    assert replay(refused, stage="meaning") == Replayed(1, 1)
    [again] = refused.inbox.bodies(before)
    assert (again.bytes, again.received_at) == (b'{"batch":[' + _json(TRACK) + b"]}", refused.inbox.body(1).received_at)
    assert counted(refused) == (4, 1, 0, 3)


def _json(event):
    import msgspec

    return msgspec.json.encode(event)


def test_an_event_whose_request_has_expired_comes_back_from_its_own_bytes(refused):
    from datetime import UTC, datetime

    refused.inbox.refuse([(1, 0, "meaning", "useless", "", _json(TRACK)), (1, 5, "meaning", "useless", "", b"no json")])
    refused.inbox.expire(1, datetime(2100, 1, 1, tzinfo=UTC))
    assert replay(refused, code="useless") == Replayed(2, 1)


def test_a_running_server_does_it_for_the_command_line(refused):
    with open_serving(refused, companions=[replaying]):
        other = open_home(refused.folder)
        assert replay(other, code="id_conflict") == Replayed(2, 2)
        other.close()
    assert counted(refused) == (4, 2, 1, 1)


def test_the_companion_ends_when_the_door_closes(home):
    stopped = threading.Event()
    companion = threading.Thread(target=replaying, args=(home, stopped), daemon=True)
    companion.start()
    assert companion.is_alive()
    stopped.set()
    companion.join(timeout=30)
    assert not companion.is_alive()


def test_refusals_are_told_by_reason_with_an_example_and_no_content(refused):
    rows = {row["code"]: row for row in refused_events(refused, "zh")}
    assert set(rows) == {"id_conflict", "no_user_anon_id"}
    assert (rows["id_conflict"]["count"], rows["id_conflict"]["why"]) == (2, "同一个编号先前来过，内容不同")
    assert rows["no_user_anon_id"]["example"].endswith("segment:batch, /batch/1/userId")
    assert "u1" not in repr(rows)


def test_raw_events_are_exported_word_for_word_and_noted_first(refused, tmp_path):
    import pyarrow.parquet as pq

    file = tmp_path / "events.parquet"
    assert export_events(refused, OWNER, file=file, reason="check of the site") == 1
    [row] = pq.read_table(file).to_pylist()
    assert (row["request"], row["place"], row["source"], row["form"]) == (1, 0, "web", "segment:batch")
    assert row["event"] == '{"batch":[' + _json(TRACK).decode() + "]}"
    assert file.stat().st_mode & 0o777 == 0o600
    with refused.ledger.read() as connection:
        [entry] = connection.exec_driver_sql("SELECT action, table_name, reason FROM audit").all()
    assert tuple(entry) == ("export", "inbox", "check of the site")


def test_an_export_needs_a_reason_an_owner_and_a_place(home, tmp_path):
    with pytest.raises(UsageError, match="It was not said why the events are exported"):
        export_events(home, OWNER, file=tmp_path / "x.parquet", reason=" ")
    with pytest.raises(PrivacyError, match="Only the owner of the workspace may do this"):
        export_events(home, Actor("wang", "rep"), file=tmp_path / "x.parquet", reason="why")
    with pytest.raises(StoreError, match="missing"):
        export_events(home, OWNER, file=tmp_path / "nowhere" / "x.parquet", reason="why")
    assert export_events(home, OWNER, file=tmp_path / "x.parquet", reason="nothing yet") == 0
    assert not list(tmp_path.glob("*.part"))
