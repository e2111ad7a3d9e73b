"""What is known of people follows from all that was said of them, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from unify.batches import batch, defaults, facts
from zhiyin.unify.traits import attributes_of

NOON = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - UTC, as the tables hold it


def _known(*told: tuple[str, str, str], at_once: bool = False) -> dict[str, str]:
    """Attributes after `name, change, value`, each a second after the one before, or all at one moment."""
    rows = [
        {"trait_id": f"t{at}", "record_id": "r1", "name": name, "change": how, "value": value, "batch_id": "b1", "source_row": at}
        | {"told_at": NOON + timedelta(seconds=0 if at_once else at)}
        for at, (name, how, value) in enumerate(told)
    ]
    made = attributes_of([*reversed(rows), *rows])
    assert made == attributes_of(rows)
    return {row["name"]: row["value"] for row in made}


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ([("set", "a"), ("set", "b")], {"x": "b"}),
        ([("set_once", "a"), ("set_once", "b")], {"x": "a"}),
        ([("set", "a"), ("unset", ""), ("set_once", "b")], {"x": "b"}),
        ([("increment", "2"), ("increment", "-0.5")], {"x": "1.5"}),
        ([("increment", "0.1"), ("increment", "0.2")], {"x": "0.3"}),
        ([("set", "100"), ("increment", "200")], {"x": "300"}),
        ([("set", "gold"), ("increment", "1")], {"x": "1"}),
        ([("increment", "1"), ("increment", "-1")], {"x": "0"}),
        ([("increment", "1e-07"), ("increment", "1")], {"x": "1.0000001"}),
        ([("increment", "1"), ("set_once", "9")], {"x": "1"}),
        ([("append", "a"), ("append", "b"), ("append", "a")], {"x.a": "true", "x.b": "true"}),
        ([("append", "a"), ("set_once", "b")], {"x.a": "true"}),
        ([("append", "a"), ("set", "b"), ("append", "c")], {"x": "b", "x.c": "true"}),
        ([("append", "a"), ("unset", "")], {}),
        ([("set", "a"), ("delete", "")], {}),
    ],
)
def test_each_change_has_its_meaning(told: list[tuple[str, str]], known: dict[str, str]):
    assert _known(*(("x", how, value) for how, value in told)) == known


def test_a_value_said_under_the_name_of_a_member_goes_before_it():
    assert _known(("x.a", "set", "no"), ("x", "append", "a")) == {"x.a": "no"}


def test_what_is_said_at_one_moment_is_cleared_first_and_added_last():
    assert _known(("x", "increment", "1"), ("x", "set", "5"), ("x", "unset", ""), ("x", "set_once", "9"), at_once=True) == {"x": "6"}
    assert _known(("x", "set", "a"), ("y", "set", "b"), ("", "delete", ""), at_once=True) == {"x": "a", "y": "b"}


def test_a_number_of_many_digits_is_none():
    assert _known(("x", "set", "9" * 21), ("x", "increment", "1")) == {"x": "1"}
    assert _known(("x", "set", "１２"), ("x", "increment", "1")) == {"x": "1"}


def test_rows_of_changes_become_traits_with_one_id_a_change_of_an_event():
    told = batch(
        customer=["C1", "C1", "C1", "C1", "C1"], trait=["level", "level", "likes", "", "level"], change=["set", "dance", "append", "delete", "set"],
        value=["gold", "x", "tea", "", ""], told_at=["2026-11-20 12:00"] * 5, message_id=["m1", "m2", "m3", "m4", "m5"],
    )  # fmt: skip
    made = facts("traits", told)
    rows = made.tables["trait"].to_pylist()
    assert [(row["record_id"], row["name"], row["change"], row["value"]) for row in rows] == [
        ("r-C1", "level", "set", "gold"), ("r-C1", "likes", "append", "tea"), ("r-C1", None, "delete", None),
    ]  # fmt: skip
    assert [row["code"] for row in made.refused.to_pylist()] == ["unknown_change"]
    assert len({row["trait_id"] for row in rows}) == 3
    again = facts("traits", told, defaults(batch_id="b2")).tables["trait"]
    assert again["trait_id"].to_pylist() == made.tables["trait"]["trait_id"].to_pylist()


def test_rows_without_an_event_are_known_by_what_they_say():
    told = batch(customer=["C1"] * 3, trait=["level"] * 3, change=["set"] * 3, value=["a", "b", "a"], told_at=["2026-11-20"] * 3)
    made = facts("traits", told)
    assert (made.tables["trait"].num_rows, made.repeated) == (2, 1)
