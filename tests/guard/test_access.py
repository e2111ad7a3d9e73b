import contextlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.core.errors import DataError, NotFound, PrivacyError, UsageError
from zhiyin.guard.access import OWNER, RUN, Access, Actor, Guard
from zhiyin.guard.purpose import PURPOSES_OF_ROLE
from zhiyin.store.ledger import Ledger
from zhiyin.store.vault import Vault

WANG, LI, SUN = Access(Actor("wang", "rep"), "display"), Access(Actor("li", "rep"), "display"), Access(Actor("sun", "rep"), "display")
NORTH, MANAGER = Access(Actor("boss", "lead", "north"), "display"), Access(Actor("m", "manager"), "display")
MARKETER, ANALYST = Access(Actor("k", "marketer"), "analysis"), Access(Actor("a", "analyst"), "analysis")
ADMIN, AUDITOR = Access(Actor("d", "admin"), "display"), Access(Actor("u", "auditor"), "display")
SHOW = Access(OWNER, "display")
MINE, HIS, NOBODYS, ABSENT = "c00", "c01", "c03", "c99"  # of wang, of li, of nobody, none
PEOPLE_TABLES = ("customer", "order_line", "profile", "link_key")


def noted(guard):
    """The audit entries so far: action, table, predicate, count."""
    rows = guard.audit.entries()
    return [(row["action"], row["table_name"], row["predicate"], row["count"]) for row in reversed(rows)]


def keys(rows, name="customer_id"):
    return sorted(row[name] for row in rows)


# read


def test_a_rep_reads_the_own_customers_and_their_records(guard, company):
    frame = company.view.frame(guard.read("customer", WANG))
    assert sorted(frame["customer_id"]) == ["c00", "c06", "c12", "c18", "c24", "c30"]
    assert sorted(company.view.frame(guard.read("order_line", WANG))["record_id"])[:2] == ["c00", "c06"]
    assert len(company.view.frame(guard.read("order_line", WANG))) == 12
    assert noted(guard)[:2] == [("read", "customer", "owner_id=wang", 6), ("read", "order_line", "owner_id=wang", 12)]


def test_the_pipeline_reads_all_and_only_what_the_purpose_allows(guard, company):
    assert company.view.count(guard.read("record", Access(RUN, "identity"))) == 48
    assert "owner_id" not in guard.read("record", Access(RUN, "identity")).columns
    assert "owner_id" in guard.read("record", Access(RUN, "analysis")).columns


def test_a_table_that_is_not_there_yet_is_empty(guard, company):
    for access in (Access(RUN, "analysis"), WANG):
        assert company.view.frame(guard.read("recommendation", access)).empty


def test_a_generation_that_is_being_built_is_read_alike(make_guard, company):
    with company.lake.build(carry=[]) as build:
        guard = make_guard(build)
        assert build.frame(guard.read("customer", WANG)).empty
        company.fill(build, {"c1": ("wang", "north", ["c1"]), "c2": ("li", "north", ["c2"])})
        assert build.frame(guard.read("order_line", WANG))["record_id"].tolist() == ["c1"]
        assert guard.row("profile", "c1", WANG)[0]["customer_id"] == "c1"
        assert guard.snapshot == "g000002"


# row, rows, count


def test_one_customer_by_any_of_its_ids(guard):
    assert guard.row("profile", MINE, WANG)[0]["customer_id"] == MINE
    assert guard.row("profile", "r00", WANG) == guard.row("profile", MINE, WANG)
    assert keys(guard.row("identity", MINE, WANG), "record_id") == ["c00", "r00"]
    assert keys(guard.row("order_line", MINE, WANG), "record_id") == ["c00", "r00"]
    assert guard.row("segment", MINE, WANG) == []
    assert noted(guard)[0] == ("row", "profile", "customer_id=c00", 1)


@pytest.mark.parametrize("key", [HIS, NOBODYS, ABSENT, "r03", "", "' OR 1=1 --"])
def test_another_ones_customer_looks_like_none(guard, key):
    for table in ("profile", "order_line", "customer"):
        with pytest.raises(NotFound) as problem:
            guard.row(table, key, WANG)
        assert str(problem.value) == "There is no such customer, or not in your sight. Fix: Check the customer id."
    assert noted(guard)[0] == ("not found", "profile", "row", 0)


@pytest.mark.parametrize("access", [MANAGER, MARKETER, ADMIN, AUDITOR])
@pytest.mark.parametrize("key", [MINE, ABSENT])
def test_a_refused_kind_of_question_is_refused_whether_or_not_the_row_exists(guard, access, key):
    with pytest.raises(PrivacyError, match="sees totals only, not single customers") as problem:
        guard.row("profile", key, access)
    assert problem.value.exit_code == 5
    with pytest.raises(PrivacyError, match="totals only"):
        guard.may_ask_for_one(access)
    with pytest.raises(PrivacyError, match="totals only"):
        guard.rows("profile", access, where={"customer_id": key})
    assert [entry[0] for entry in noted(guard)] == ["refused"] * 3


def test_who_may_ask_about_one(guard):
    for access in (SHOW, WANG, NORTH, Access(RUN, "analysis"), ANALYST):
        guard.may_ask_for_one(access)
    assert noted(guard) == []


def test_a_purpose_the_role_lacks_is_refused_and_noted(guard):
    with pytest.raises(PrivacyError, match="for this purpose. Got rep, identity"):
        guard.read("identity", Access(Actor("wang", "rep"), "identity"))
    assert noted(guard) == [("refused", "identity", "read", 0)]


def test_tables_of_nobody(guard):
    for access in (WANG, MANAGER, ADMIN, MARKETER):
        assert guard.row("product", "p1", access)[0]["product_id"] == "p1"
        assert len(guard.rows("product", access, where={})) == 2
        assert guard.count("product", access, where={"product_id": "p1"}) == 1
    with pytest.raises(NotFound, match="no such"):
        guard.row("product", "p9", WANG)
    with pytest.raises(PrivacyError, match="may not read data for this purpose. Got auditor"):
        guard.rows("product", AUDITOR, where={})


def test_lists_are_ordered_cut_and_within_sight(guard):
    rows = guard.rows("next_step", WANG, where={"listed": True}, order="-rank", limit=2)
    assert [row["customer_id"] for row in rows] == ["c30", "c24"]
    assert guard.rows("next_step", WANG, where={"owner_id": "li"}) == []
    assert keys(guard.rows("next_step", NORTH, where={"owner_id": "li"})) == ["c01", "c07", "c13", "c19", "c25", "c31"]
    assert noted(guard)[0] == ("rows", "next_step", "owner_id=wang listed", 2)


def test_a_hidden_column_neither_filters_nor_sorts(guard):
    identity = Access(OWNER, "identity")
    for asked in ({"where": {"owner_id": "wang"}}, {"where": {}, "order": "since_on,-owner_id"}):
        with pytest.raises(PrivacyError, match="cannot filter or sort. Got owner_id"):
            guard.rows("record", identity, **asked)
    with pytest.raises(PrivacyError, match="cannot filter"):
        guard.count("record", identity, where={"owner_id": "wang"})


def test_counting(guard, make_guard):
    assert guard.count("order_line", SHOW, where={}) == 48
    assert guard.count("order_line", WANG, where={"customer_id": MINE}) == 2
    assert guard.count("order_line", WANG, where={"customer_id": HIS}) == 0
    assert guard.count("customer", MANAGER, where={}) == 36
    assert guard.count("customer", Access(Actor("m", "manager", "south"), "display"), where={}) == 6
    with pytest.raises(PrivacyError, match="totals only"):
        guard.count("customer", MANAGER, where={"customer_id": MINE})
    with pytest.raises(PrivacyError, match="does not see customer content"):
        guard.count("customer", ADMIN, where={})
    assert make_guard(smallest_group=6).count("order_line", Access(Actor("m", "manager", "south"), "display"), where={}) == 6
    assert make_guard(smallest_group=7).count("customer", Access(Actor("m", "manager", "south"), "display"), where={}) == 0


def test_a_manager_reads_rows_when_switched_on_and_the_switch_is_audited(make_guard):
    on = make_guard(manager_sees_rows=True)
    assert on.row("profile", MINE, MANAGER)[0]["customer_id"] == MINE
    with pytest.raises(NotFound, match="no such customer"):
        on.row("profile", MINE, Access(Actor("m", "manager", "south"), "display"))
    make_guard(manager_sees_rows=True)
    make_guard(manager_sees_rows=False)
    switched = [entry[2] for entry in noted(on) if entry[0] == "switch"]
    assert switched == ["manager_sees_rows: off -> on", "manager_sees_rows: on -> off"]


# identifiers


def test_identifiers_of_the_own_customers_with_a_reason(guard):
    found = guard.reveal(["c00", "r00", "c01", "c99"], ["name", "phone"], WANG, reason="call back")
    assert found == {"c00": {"name": "王c00", "phone": "+8613800000000"}, "r00": {"name": "王r00", "phone": "+8613800000000"}}
    entry = guard.audit.entries(limit=1)[0]
    assert (entry["action"], entry["predicate"], entry["count"], entry["reason"]) == ("reveal", "name, phone of c00, r00", 2, "call back")


def test_a_phone_in_the_reason_does_not_enter_the_log(guard):
    guard.reveal(["c00"], ["phone"], WANG, reason="回访 13812345678")
    assert guard.audit.entries(limit=1)[0]["reason"] == "回访 138****5678"
    assert guard.audit.verify().ok


def test_nothing_is_revealed_without_reason_sight_or_right(guard):
    with pytest.raises(UsageError, match="needs a reason"):
        guard.reveal(["c00"], ["name"], WANG, reason="  ")
    with pytest.raises(NotFound, match="no such customer"):
        guard.reveal(["c01", "c99"], ["name"], WANG, reason="curious")
    for access in (MANAGER, MARKETER, ANALYST, ADMIN, AUDITOR, Access(RUN, "analysis")):
        with pytest.raises(PrivacyError):
            guard.reveal(["c00"], ["name"], access, reason="curious")
        with pytest.raises(PrivacyError):
            guard.masked(["c00"], ["name"], access)
        with pytest.raises(PrivacyError):
            guard.shown_names(["c00"], access)


def test_masked_identifiers_need_no_reason(guard):
    assert guard.masked(["c00"], ["name", "phone"], SHOW) == {"c00": {"name": "王**", "phone": "138****0000"}}
    assert noted(guard) == [("masked", "record", "name, phone of c00", 1)]


def test_names_on_a_list(guard):
    contact = Access(WANG.actor, "contact")
    assert guard.shown_names(["c00", "c01", "c06", "c99"], contact) == {"c00": {"name": "王c00"}, "c06": {"name": "王c06"}}
    assert guard.shown_names(["c01"], Access(NORTH.actor, "contact")) == {"c01": {"name": "王c01"}}
    assert guard.shown_names(["c00"], SHOW) == {"c00": {"name": "王**"}}
    assert guard.shown_names([], SHOW) == {}
    assert noted(guard)[0] == ("shown_names", "record", "name of c00, c06", 2)


def test_a_long_list_names_twenty_in_the_audit(guard, company):
    guard.shown_names(company.people, SHOW)
    assert noted(guard) == [("shown_names", "record", f"name of {', '.join(sorted(company.people)[:20])} (+16)", 36)]


def test_refused_rows_are_for_the_owner(guard, vault):
    vault.seal_row("x1", b"a,b,c")
    assert guard.refused_row("x1", SHOW, reason="why refused") == b"a,b,c"
    with pytest.raises(PrivacyError, match="may not see this. Got rep. Fix: Ask the owner"):
        guard.refused_row("x1", WANG, reason="curious")
    with pytest.raises(NotFound, match="vault does not hold this row"):
        guard.refused_row("x9", SHOW, reason="why refused")
    assert [entry[0] for entry in noted(guard)] == ["refused_row", "refused", "not found"]


# totals


def test_totals_for_those_who_see_no_rows(guard):
    totals = guard.summarised("profile", MARKETER, by="stage", measures={"spend": "sum", "orders": "mean"})
    assert totals == [{"stage": "x", "customers": 36, "spend": 63000, "orders": 1.0}]
    assert noted(guard) == [("summarised", "profile", "all by stage", 1)]


def test_small_groups_are_not_told(guard, make_guard):
    by_team = guard.summarised("customer", MANAGER, by="team_id", measures={})
    assert by_team == [
        {"team_id": "north", "customers": 12},
        {"team_id": None, "customers": 12},
        {"team_id": "", "customers": 6},
        {"team_id": "south", "customers": 6},
    ]
    assert make_guard(smallest_group=7).summarised("customer", MANAGER, by="team_id", measures={}) == by_team[:2]
    assert make_guard(smallest_group=13).summarised("customer", MANAGER, by="team_id", measures={}) == []


def test_totals_of_records_count_customers(guard):
    (total,) = guard.summarised("order_line", Access(Actor("wang", "rep"), "measurement"), by="currency", measures={"amount": "sum"})
    assert total["customers"] == 6
    assert (
        guard.summarised("order_line", Access(Actor("m", "manager", "south"), "display"), by="currency", measures={})[0]["customers"] == 6
    )


def test_totals_are_refused_to_those_without_customers_and_by_persons(guard):
    for access in (ADMIN, AUDITOR):
        with pytest.raises(PrivacyError, match="does not see customer content"):
            guard.summarised("profile", access, by="stage", measures={})
    with pytest.raises(PrivacyError, match="no totals by or of these columns. Got profile: customer_id"):
        guard.summarised("profile", MANAGER, by="customer_id", measures={})


# the trail


def test_who_has_seen_a_customer(guard):
    guard.row("profile", MINE, WANG)
    guard.masked(["c00"], ["name"], SHOW)
    guard.row("profile", HIS, LI)
    seen = guard.seen_by("r00", WANG)
    assert [(entry["actor"], entry["action"], entry["table_name"]) for entry in seen] == [
        ("owner", ["masked"], ["record"]),
        ("wang", ["row"], ["profile"]),
    ]
    assert set(seen[0]) == {"at", "actor", "role", "purpose", "action", "table_name"}
    with pytest.raises(NotFound, match="no such customer"):
        guard.seen_by(HIS, WANG)


def test_what_one_person_asked_in_one_minute_is_one_look(guard):
    for _ in range(30):  # the page of a customer, again and again
        for table in ("customer", "profile", "prediction"):
            guard.row(table, MINE, WANG)
        guard.masked(["c00"], ["name"], SHOW)
    seen = guard.seen_by("r00", WANG)
    assert {look["actor"] for look in seen} == {"owner", "wang"}
    assert len(seen) <= 4  # two people, on either side of the turn of a minute
    assert next(look for look in seen if look["actor"] == "wang")["table_name"] == ["customer", "profile", "prediction"]


def test_the_trail_is_for_owner_and_auditor(guard):
    guard.row("profile", MINE, WANG)
    assert [entry["actor"] for entry in guard.trail(AUDITOR)] == ["wang"]
    assert [entry["actor"] for entry in guard.trail(SHOW, about="c00")] == ["wang"]
    for access in (WANG, ADMIN, MANAGER):
        with pytest.raises(PrivacyError, match="Ask the owner or the auditor"):
            guard.trail(access)
    assert guard.audit.verify().ok


def test_what_is_asked_does_not_reach_the_audit_in_clear(guard):
    with contextlib.suppress(DataError):
        guard.rows("identity", SHOW, where={"record_id": "13812345678"})
    with contextlib.suppress(DataError):
        guard.row("customer", "13812345678", SHOW)
    assert "13812345678" not in str(guard.audit.entries())


# every role, every purpose, every table


def sees(actor, people):
    """The customers an actor may read one by one, worked out by hand."""
    if actor.role in ("owner", "run", "analyst"):
        return set(people)
    if actor.role == "rep":
        return {customer for customer, (owner, _, _) in people.items() if owner == actor.id}
    return {customer for customer, (_, team, _) in people.items() if team == actor.team} if actor.role == "lead" else set()


def answers(ask):
    """What a question brings: rows, or the kind of refusal."""
    try:
        return ask()
    except (PrivacyError, NotFound) as refusal:
        return type(refusal)


def plain(view, rows):
    return sorted((row for batch in view.batches(rows) for row in batch.to_pylist()), key=repr)


ACTORS = [
    *(Actor(name, "rep") for name in ("wang", "stranger")),
    *(Actor("boss", "lead", team) for team in ("north", "")),
    *(Actor("x", role, "north") for role in PURPOSES_OF_ROLE if role not in ("rep", "lead")),
]


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: f"{actor.role}-{actor.id}-{actor.team}")
def test_read_and_row_agree_for_every_role_purpose_and_table(guard, company, actor):
    """One customer by `row` is that customer's part of `read`, and both are what the company's own list says."""
    may_see = sees(actor, company.people)
    of = {record: customer for customer, (_, _, records) in company.people.items() for record in records}
    purposes = PURPOSES_OF_ROLE[actor.role] | {"identity"}  # that, nobody else may ask for
    for purpose, table in itertools.product(sorted(purposes), PEOPLE_TABLES):
        access = Access(actor, purpose)
        all_ = answers(lambda access=access, table=table: plain(company.view, guard.read(table, access)))
        for customer in (MINE, HIS, ABSENT):
            one = answers(lambda access=access, table=table, customer=customer: sorted(guard.row(table, customer, access), key=repr))
            if all_ is PrivacyError:
                assert one is PrivacyError
            elif customer not in may_see:
                assert one is NotFound
            else:
                person = "customer_id" if "customer_id" in (all_ or [{"customer_id": 1}])[0] else "record_id"
                assert one == [row for row in all_ if of.get(row[person], row[person]) == customer]
        if all_ is not PrivacyError:
            listed = answers(lambda access=access, table=table: sorted(guard.rows(table, access, where={}), key=repr))
            assert listed == all_
            assert {of[row.get("customer_id") or row["record_id"]] for row in all_} <= may_see


OWNERS, TEAMS = st.sampled_from(["wang", "li", "", None, "Wang", "wang "]), st.sampled_from(["north", "south", "", None])
COMPANIES = st.dictionaries(st.sampled_from([f"c{n}" for n in range(6)]), st.tuples(OWNERS, TEAMS, st.integers(1, 3)), min_size=1)


@pytest.fixture(scope="module")
def drawing(tmp_path_factory, company):
    """A generation, a ledger and a vault that drawn companies are written into, one after the other."""
    folder = tmp_path_factory.mktemp("drawn")
    with (
        contextlib.closing(Ledger(folder / "ledger.db", company.keys.ledger)) as ledger,
        contextlib.closing(Vault(folder / "vault.db", company.keys)) as vault,
        company.lake.build(carry=[]) as build,
    ):
        guard = Guard(build, ledger, vault, smallest_group=2, manager_sees_rows=False, clock=lambda: company.now)
        yield build, vault, guard


@settings(max_examples=8)
@given(drawn=COMPANIES)
def test_no_rep_ever_sees_a_stranger(company, drawing, drawn):
    """Whatever the company looks like: what reps and leads get is what the list of owners says."""
    build, vault, guard = drawing
    people = {
        customer: (owner, team, [customer, *(f"r{customer}{n}" for n in range(more - 1))])
        for customer, (owner, team, more) in drawn.items()
    }
    everybody = [record for _, _, names in people.values() for record in names]
    vault.seal((record, "name", record) for record in everybody)
    company.fill(build, people, only=("customer", "identity", "order_line", "profile", "next_step"))
    for actor in (Actor("wang", "rep"), Actor("li", "rep"), Actor("boss", "lead", "north")):
        access, mine = Access(actor, "contact"), sees(actor, people)
        records = {record for customer in mine for record in people[customer][2]}
        assert {row["customer_id"] for row in guard.rows("next_step", access, where={})} == mine
        assert {row["record_id"] for row in plain(build, guard.read("order_line", access))} == records
        assert guard.count("order_line", access, where={}) == len(records)
        assert set(guard.shown_names(people, access)) == mine
        revealed = answers(lambda access=access: guard.reveal(everybody, ["name"], access, reason="call"))
        assert revealed == ({record: {"name": record} for record in records} or NotFound)
        found = {customer: answers(lambda access=access, customer=customer: guard.row("profile", customer, access)) for customer in people}
        assert {customer for customer, rows in found.items() if rows is not NotFound} == mine
