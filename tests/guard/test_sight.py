import duckdb
import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.core.errors import PrivacyError
from zhiyin.core.tables import table_named
from zhiyin.guard.actors import OWNER, RUN, Actor
from zhiyin.guard.sight import scope_of, sight_of, summarised, told, visible, visible_rows
from zhiyin.store.relations import LockedBackend

CUSTOMERS = pa.table(
    {"customer_id": ["c1", "c2", "c3", "c4"], "owner_id": ["wang", "li", None, ""], "team_id": ["north", "north", "south", None]}
)


@pytest.fixture(scope="module")
def run():
    backend = LockedBackend.from_connection(duckdb.connect())
    return backend.execute


def seen(run, actor, *, manager_sees_rows=False):
    rows = visible(ibis.memtable(CUSTOMERS), actor, manager_sees_rows=manager_sees_rows)
    return sorted(run(rows)["customer_id"])


@pytest.mark.parametrize(
    ("actor", "customers"),
    [
        (OWNER, ["c1", "c2", "c3", "c4"]),
        (RUN, ["c1", "c2", "c3", "c4"]),
        (Actor("a", "analyst"), ["c1", "c2", "c3", "c4"]),
        (Actor("wang", "rep"), ["c1"]),
        (Actor("wang", "rep", "north"), ["c1"]),
        (Actor("nobody", "rep"), []),
        (Actor("boss", "lead", "north"), ["c1", "c2"]),
    ],
)
def test_who_sees_whom(run, actor, customers):
    assert seen(run, actor) == customers


def test_a_manager_sees_rows_only_when_switched_on(run):
    assert seen(run, Actor("m", "manager"), manager_sees_rows=True) == ["c1", "c2", "c3", "c4"]
    assert seen(run, Actor("m", "manager", "south"), manager_sees_rows=True) == ["c3"]


@pytest.mark.parametrize("role", ["manager", "marketer", "admin", "auditor", "unheard of"])
def test_others_see_no_single_rows(role):
    with pytest.raises(PrivacyError, match=f"sees totals only, not single customers. Got {role}"):
        sight_of(Actor("m", role, "north"), manager_sees_rows=False)


def test_nobody_in_particular_sees_nothing():
    with pytest.raises(PrivacyError, match="Nobody says who asks"):
        sight_of(Actor("", "rep"), manager_sees_rows=False)
    with pytest.raises(PrivacyError, match="This lead has no team"):
        scope_of(Actor("boss", "lead"))


def test_whose_rows_count_in_totals():
    assert scope_of(Actor("m", "manager", "north")) == {"team_id": "north"}
    assert scope_of(Actor("m", "manager")) is None
    assert scope_of(Actor("k", "marketer")) is None
    assert scope_of(Actor("wang", "rep")) == {"owner_id": "wang"}
    for role in ("admin", "auditor"):
        with pytest.raises(PrivacyError, match="does not see customer content"):
            scope_of(Actor("x", role))


def test_rows_of_records_are_seen_through_their_customer(run):
    identity = ibis.memtable(pa.table({"record_id": ["r1", "r2", "r3"], "customer_id": ["c1", "c2", "c1"]}))
    lines = ibis.memtable(pa.table({"record_id": ["r1", "r2", "r3", "r9"], "amount": [1, 2, 3, 4]}))
    given = {"customers": ibis.memtable(CUSTOMERS), "identity": identity}
    mine = visible_rows(lines, table_named("order_line"), **given, sight={"owner_id": "wang"})
    assert sorted(run(mine)["amount"]) == [1, 3]
    assert run(visible_rows(lines, table_named("order_line"), **given, sight=None))["amount"].tolist() == [1, 2, 3, 4]


def totals(run, groups, *, smallest=10, spend=lambda customer: 1):
    """Summarise groups of so many customers each."""
    customers = [(f"c{g}-{n}", g) for g, size in groups.items() for n in range(size)]
    content = {"customer_id": [c for c, _ in customers], "tier": [g for _, g in customers], "spend": [spend(c) for c, _ in customers]}
    rows = pa.table(content, schema=pa.schema({"customer_id": pa.string(), "tier": pa.string(), "spend": pa.int64()}))
    found = run(summarised(ibis.memtable(rows), by="tier", measures={"spend": "sum"}, smallest=smallest))
    return {row["tier"]: (row["customers"], None if row["spend"] != row["spend"] else row["spend"]) for row in found.to_dict("records")}


def test_large_groups_are_told(run):
    assert totals(run, {"gold": 10, "silver": 30}) == {"silver": (30, 30), "gold": (10, 10)}


def test_a_single_small_group_takes_the_next_one_along(run):
    assert totals(run, {"gold": 3, "silver": 12, "bronze": 40}) == {"bronze": (40, 40)}


def test_small_groups_that_hide_each_other_need_no_more(run):
    assert totals(run, {"a": 6, "b": 7, "c": 20}) == {"c": (20, 20)}


def test_where_all_is_small_nothing_is_told(run):
    assert totals(run, {"a": 9, "b": 0}) == {}


def test_a_sum_behind_which_one_customer_stands_is_left_out(run):
    rich = totals(run, {"lead": 12, "gold": 15, "silver": 40}, spend=lambda c: 999 if c == "clead-0" else 0 if "lead" in c else 1)
    assert rich == {"silver": (40, 40), "gold": (15, None), "lead": (12, None)}
    poor = totals(run, {"lead": 12, "silver": 40}, spend=lambda c: 0 if "lead" in c else 1)
    assert poor == {"silver": (40, 40), "lead": (12, 0)}  # nobody stands behind it: it tells of nobody


def test_customers_are_counted_not_their_rows(run):
    rows = pa.table({"customer_id": ["c1"] * 50, "tier": ["gold"] * 50, "spend": [1] * 50})
    assert run(summarised(ibis.memtable(rows), by="tier", measures={"spend": "mean"}, smallest=10)).empty


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 25), min_size=1), st.data())
def test_what_is_missing_cannot_be_computed(run, groups, data):
    """Whoever knows the grand total learns nothing about fewer than the smallest group."""
    paying = {g: data.draw(st.integers(0, size)) for g, size in groups.items()}
    shown = totals(run, groups, spend=lambda c: 1 if int(c.split("-")[1]) < paying[c[1]] else 0)
    hidden = sum(size for g, size in groups.items() if g not in shown)
    assert all(customers >= 10 for customers, _ in shown.values())
    assert hidden == 0 or hidden >= 10 or not shown
    unknown = sum(paying[g] for g in groups if g not in shown or shown[g][1] is None)
    assert all(spend is None or spend == 0 or spend >= 10 for _, spend in shown.values())
    told_spends = [spend for _, spend in shown.values() if spend]
    assert unknown == 0 or unknown >= 10 or not told_spends


def test_the_audit_is_told_our_own_ids_only():
    assert told(None) == "all"
    assert told(
        {"owner_id": "wang"}, {"customer_id": "rabcdefghij23", "stage": "13812345678", "record_id": "13812345678", "listed": True}
    ) == ("owner_id=wang customer_id=rabcdefghij23 stage record_id listed")
