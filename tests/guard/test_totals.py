import pytest

from zhiyin.core.errors import PrivacyError
from zhiyin.guard.access import OWNER, Access, Actor
from zhiyin.guard.totals import blurred, counted, sees_rows, told_size, within

REP, LEAD = Actor("wang", "rep"), Actor("chen", "lead", "north")
MANAGER, MARKETER, ADMIN = Actor("qian", "manager", "north"), Actor("sun", "marketer"), Actor("root", "admin")


@pytest.mark.parametrize(
    ("actor", "switch", "sees"),
    [
        (OWNER, False, True),
        (REP, False, True),
        (LEAD, False, True),
        (MANAGER, False, False),
        (MANAGER, True, True),
        (MARKETER, True, False),
    ],
)
def test_who_reads_single_customers(actor, switch, sees):
    assert sees_rows(Access(actor, "measurement"), manager_sees_rows=switch) is sees


def test_who_has_nothing_to_do_with_customers_is_refused():
    with pytest.raises(PrivacyError, match="This role does not see customer content"):
        sees_rows(Access(ADMIN, "measurement"), manager_sees_rows=True)


@pytest.mark.parametrize("actor", [OWNER, REP, LEAD, MANAGER, MARKETER])
@pytest.mark.parametrize("table", ["profile", "order_line"])
def test_only_rows_within_the_scope_are_counted(guard, company, actor, table):
    access = Access(actor, "measurement")
    rows = within(guard, table, access, rows_seen=sees_rows(access, manager_sees_rows=False))
    mine = {
        customer: records
        for customer, (owner, team, records) in company.people.items()
        if actor.role in ("owner", "marketer") or (owner == actor.id if actor.role == "rep" else team == actor.team)
    }
    frame = company.view.frame(rows)
    if table == "profile":
        assert set(frame["customer_id"]) == set(mine)
    else:
        assert set(frame["record_id"]) == {record for records in mine.values() for record in records}


def test_products_belong_to_nobody(guard, company):
    access = Access(MARKETER, "measurement")
    assert company.view.count(within(guard, "product", access, rows_seen=False)) == 2


def test_a_purpose_that_the_role_does_not_have_is_refused(guard):
    with pytest.raises(PrivacyError, match="may not read data for this purpose"):
        within(guard, "profile", Access(MANAGER, "analysis"), rows_seen=False)


@pytest.mark.parametrize(
    ("size", "told"),
    [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (52, 50), (95, 95), (96, None), (100, None)],
)
def test_a_count_tells_of_nobody(size, told):
    assert told_size(size, 100, smallest=5) == told


def test_two_groups_that_differ_by_one_customer_look_alike():
    assert blurred(1_234_567) == blurred(1_230_001) == 1_200_000


def test_what_was_counted_stands_in_the_audit_without_values(guard):
    counted(guard, Access(MARKETER, "measurement"), asked="spend, attribute.city", count=7)
    entry = guard.trail(Access(OWNER, "display"))[0]
    assert (entry["action"], entry["actor"], entry["predicate"], entry["count"]) == ("counted", "sun", "all by spend, attribute.city", 7)
