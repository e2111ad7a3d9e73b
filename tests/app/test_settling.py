"""Attributes of people depend only on what was said of them, and when."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.live import NOW, opened
from tracked import packed
from zhiyin.app.heard import origin, place_of
from zhiyin.app.home import Home, open_home
from zhiyin.app.intake import import_sources
from zhiyin.app.projection import project
from zhiyin.collect.tracking.door import take
from zhiyin.core.settings import SourceSettings
from zhiyin.core.tables import TABLES
from zhiyin.store.inbox_rows import Sent
from zhiyin.store.serving import Serving
from zhiyin.unify.traits import attributes_of

DECLARED = ("level", "points", "likes")
Said = tuple[str, str, str, object]  # person, call, name, value
_numbers = count()


def _opened(folder) -> Home:
    opened(folder).close()
    return open_home(folder, serve={"traits": list(DECLARED)})


@pytest.fixture
def home(tmp_path):
    made = _opened(tmp_path / "shop")
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A workspace for many examples, each about people of its own."""
    made = _opened(tmp_path_factory.mktemp("shared") / "shop")
    yield made
    made.close()


def _call(who: str, call: str, *, seconds: float, **told: object) -> dict[str, Any]:
    """A profile call of 神策, so many seconds before `NOW`."""
    at = int((NOW.timestamp() - seconds) * 1000)
    return {"type": f"profile_{call}", "distinct_id": who, "time": at, "properties": {"$is_login_id": True, **told}}


def _send(home: Home, *events: dict[str, Any], form: str = "sensors", body: bytes = b"") -> None:
    """One request."""
    taken = take(form, body or packed(*events), headers={})
    with home.inbox.start(queue=1000):
        home.inbox.put(Sent("web", taken.form, taken.body, NOW, taken.items, taken.unfit)).result()


def _project(home: Home) -> None:
    with home.lake.build(carry=TABLES) as build:
        project(home, build)
        build.publish()


def _known(home: Home, who: str) -> dict[str, str]:
    """Attributes of a user in the lake."""
    with home.lake.open() as view:
        records = sorted(home.vault.find("source_key", who))
        return {str(row["name"]): str(row["value"]) for row in Serving(view).rows("attribute", where={"record_id": records})}


def _meant(said: list[Said], who: str) -> dict[str, str]:
    """What follows when everything is said in this order, told in the plainest way."""
    known: dict[str, str] = {}
    for own, call, name, value in said:
        if own != who:
            continue
        if call == "set" or (call == "set_once" and name not in known and not any(one.startswith(f"{name}.") for one in known)):
            _forget(known, name)
            known[name] = str(value)
        elif call == "increment":
            before = known.get(name, "")
            known[name] = str((int(before) if before.lstrip("-").isdigit() else 0) + int(str(value)))
        elif call == "append":
            known[f"{name}.{value}"] = "true"
        elif call == "unset":
            _forget(known, name)
        elif call == "delete":
            known.clear()
    return known


def _forget(known: dict[str, str], name: str) -> None:
    for one in [one for one in known if one == name or one.startswith(f"{name}.")]:
        del known[one]


def _values(call: str) -> st.SearchStrategy[object]:
    return {"increment": st.integers(-5, 5), "append": st.sampled_from(["茶", "酒"])}.get(call, st.sampled_from(["gold", 7, -2]))


_SAID = st.sampled_from(["set", "set_once", "increment", "append", "unset", "delete"]).flatmap(
    lambda call: st.tuples(st.sampled_from("ab"), st.just(call), st.sampled_from(DECLARED), _values(call))
)


@settings(max_examples=6)
@given(st.lists(_SAID, min_size=4, max_size=16), st.randoms(use_true_random=False), st.integers(1, 4), st.sampled_from([2, 5]))
def test_attributes_depend_on_what_was_said_and_when(shared: Home, said: list[Said], chance: Any, requests: int, every: int):
    """Shuffled, cut into requests, some of it sent again, and taken over in one run or in several."""
    mark = f"p{next(_numbers)}"
    events = []
    for at, (who, call, name, value) in enumerate(said):
        told = {"delete": {}, "append": {name: [value]}}.get(call, {name: value})
        events.append(_call(f"{mark}{who}", call, seconds=1000 - at, **told))
    chance.shuffle(events)
    parts = [events[start::requests] for start in range(requests)]
    parts.append([event for event in events if chance.random() < 0.3])
    for number, part in enumerate(filter(None, parts)):
        _send(shared, *part)
        if number % every == 0:
            _project(shared)
    _project(shared)
    for who in "ab":
        if any(one[0] == who for one in said):
            assert _known(shared, f"{mark}{who}") == _meant(said, who)


@given(st.lists(_SAID, max_size=30), st.randoms(use_true_random=False))
def test_traits_in_any_order_and_again_mean_the_same(said: list[Said], chance: Any):
    """The same promise of the one function that decides, over many more examples."""
    rows = [
        {"trait_id": f"t{at}", "record_id": who, "name": name, "change": call, "value": str(value), "batch_id": "b", "source_row": at}
        | {"told_at": NOW + timedelta(seconds=at)}
        for at, (who, call, name, value) in enumerate(said)
    ]
    again = [*rows, *rows[::2]]
    chance.shuffle(again)
    made = attributes_of(again)
    for who in "ab":
        assert {row["name"]: row["value"] for row in made if row["record_id"] == who} == _meant(said, who)


def test_each_profile_call_of_sensors_ends_in_the_attributes(home):
    _send(home, _call("u1", "set", seconds=90, city="杭州", level="gold"), _call("u1", "increment", seconds=80, points=5))
    _project(home)
    assert _known(home, "u1") == {"city": "杭州", "level": "gold", "points": "5"}
    _send(home, _call("u1", "increment", seconds=70, points=2.5), _call("u1", "append", seconds=60, likes=["茶", "酒"]))
    _send(home, _call("u1", "set_once", seconds=100, level="silver", city="上海"), _call("u1", "unset", seconds=50, level=True))
    _project(home)
    assert _known(home, "u1") == {"city": "杭州", "points": "7.5", "likes.茶": "true", "likes.酒": "true"}
    _send(home, _call("u1", "delete", seconds=40))
    _project(home)
    assert _known(home, "u1") == {}
    _send(home, _call("u1", "set", seconds=45, level="late"), _call("u1", "set_once", seconds=30, city="北京"))
    _project(home)
    assert _known(home, "u1") == {"city": "北京"}


def test_deleting_a_profile_leaves_who_it_is(home):
    _send(home, _call("u1", "set", seconds=90, name="王丽", phone="13912345678", city="杭州"))
    _send(home, _call("u1", "unset", seconds=80, phone=True), _call("u1", "delete", seconds=70))
    _project(home)
    assert (_known(home, "u1"), len(home.vault.find("phone", "+8613912345678"))) == ({}, 1)


def test_a_trait_that_is_null_is_not_known_any_more(home):
    for minute, traits in ((1, '{"level": "gold", "city": "x"}'), (2, '{"level": null}')):
        at = f"2026-11-20T11:0{minute}:00Z"
        told = f'{{"userId": "u1", "messageId": "m{minute}", "timestamp": "{at}", "traits": {traits}}}'
        _send(home, form="segment:identify", body=told.encode())
        _project(home)
    assert _known(home, "u1") == {"city": "x"}


def _import(home: Home, level: str) -> None:
    (home.folder / "people.csv").write_text(f"id,level,points\nu1,{level},10\n", encoding="utf-8")
    columns = {"customer": "id", "attribute.level": "level", "attribute.points": "points"}
    source = SourceSettings(name="crm", file="people.csv", system="shop", kind="customers", columns=columns)
    import_sources(home, [source], progress=lambda *_: None)


@pytest.fixture
def imported_at(monkeypatch):
    """Sets the moment of imports."""

    def at(seconds: float) -> None:
        monkeypatch.setattr("zhiyin.app.intake.utc_now", lambda: NOW - timedelta(seconds=seconds))

    return at


def test_what_a_file_says_is_said_when_it_was_imported(home, imported_at):
    imported_at(50)
    _import(home, "gold")
    _send(home, _call("u1", "increment", seconds=20, points=1), _call("u1", "set", seconds=60, level="before"))
    _project(home)
    assert _known(home, "u1") == {"level": "gold", "points": "11"}
    _send(home, _call("u1", "increment", seconds=10, points=1), _call("u1", "set_once", seconds=40, level="once"))
    _project(home)
    assert _known(home, "u1") == {"level": "gold", "points": "12"}
    _send(home, _call("u1", "delete", seconds=30))
    _project(home)
    assert _known(home, "u1") == {"points": "2"}


def test_a_later_file_speaks_after_what_was_said_before(home, imported_at):
    imported_at(50)
    _import(home, "gold")
    _send(home, _call("u1", "set", seconds=40, level="silver"))
    _project(home)
    imported_at(30)
    _import(home, "bronze")
    assert _known(home, "u1")["level"] == "bronze"
    _send(home, _call("u1", "set", seconds=35, level="late"))
    _project(home)
    assert _known(home, "u1")["level"] == "bronze"
    _send(home, _call("u1", "set", seconds=20, level="new"))
    _project(home)
    assert _known(home, "u1") == {"level": "new", "points": "10"}


def test_a_file_of_changes_says_when(home):
    _send(home, _call("u1", "set", seconds=60, level="gold", points=1))
    _project(home)
    at = [(NOW - timedelta(seconds=seconds)).isoformat() for seconds in (90, 30)]
    (home.folder / "changes.csv").write_text(
        f"id,name,how,value,at\nu1,level,set,early,{at[0]}\nu1,points,increment,4,{at[1]}\n", encoding="utf-8"
    )
    columns = {"customer": "id", "trait": "name", "change": "how", "value": "value", "told_at": "at"}
    source = SourceSettings(name="log", file="changes.csv", system="shop", kind="traits", columns=columns)
    import_sources(home, [source], progress=lambda *_: None)
    assert _known(home, "u1") == {"level": "gold", "points": "5"}


def test_an_attribute_of_an_unknown_import_was_said_before_everything(home):
    """A lake of the time when events wrote attributes themselves, or whose import was removed."""
    _send(home, _call("u1", "set", seconds=60, level="gold"))
    _project(home)
    with home.lake.build(carry=TABLES) as build:
        (row,) = Serving(build).rows("attribute", where={})
        build.remove("trait", build.table("trait"))
        build.amend("attribute", pa.Table.from_pylist([row | {"batch_id": "gone", "value": "old"}]))
        build.publish()
    _send(home, _call("u1", "set_once", seconds=50, level="new", points=1))
    _project(home)
    assert _known(home, "u1") == {"level": "old", "points": "1"}


def test_an_event_that_says_a_lot_is_still_found_by_its_rows(home):
    assert place_of(origin(7, 3, line=99_999)) == (7, 3)
    _send(home, _call("u1", "append", seconds=60, likes=[f"l{number}" for number in range(5000)]))
    _project(home)
    assert len(_known(home, "u1")) == 5000


def test_taking_over_twice_writes_nothing_new(home):
    _send(home, _call("u1", "set", seconds=60, level="gold"))
    _project(home)
    with home.lake.open() as view:
        before = Serving(view).rows("attribute", where={})
    _send(home, _call("u1", "set", seconds=70, level="silver"))
    _project(home)
    with home.lake.open() as view:
        assert Serving(view).rows("attribute", where={}) == before
        assert [row["value"] for row in Serving(view).rows("trait", where={}, order="told_at")] == ["silver", "gold"]
