import pytest

from zhiyin.core.errors import PrivacyError, UsageError
from zhiyin.core.schema import Column, Table
from zhiyin.core.tables import PURPOSES, TABLES, table_named
from zhiyin.core.words import Say
from zhiyin.guard.actors import OWNER, RUN, Access, Actor
from zhiyin.guard.purpose import PURPOSES_OF_ROLE, REVEALS, allowed_columns, refuse_conditions, refuse_totals, revealed_columns

ROLES = sorted(PURPOSES_OF_ROLE)
WORDS = Say("", "")


def test_every_column_that_is_given_allows_the_purpose():
    for role in ROLES:
        for purpose in PURPOSES:
            for table in TABLES.values():
                try:
                    columns = allowed_columns(table, Access(Actor("x", role, "t"), purpose))
                except PrivacyError:
                    continue
                assert purpose in PURPOSES_OF_ROLE[role]
                given = [column for column in table.columns if column.name in columns]
                assert all(purpose in column.purposes for column in given)
                assert set(table.key) <= set(columns)


def test_a_column_that_the_purpose_excludes_is_dropped():
    assert "sealed_id" in allowed_columns(table_named("refused"), Access(OWNER, "identity"))
    assert "sealed_id" not in allowed_columns(table_named("refused"), Access(OWNER, "display"))
    assert "owner_id" not in allowed_columns(table_named("record"), Access(RUN, "identity"))


@pytest.mark.parametrize(("table", "purpose"), [("link_key", "display"), ("link_key", "analysis"), ("prediction", "identity")])
def test_a_table_without_its_key_is_refused(table, purpose):
    with pytest.raises(PrivacyError, match=f"This table may not be used for this purpose. Got {table}, {purpose}") as problem:
        allowed_columns(table_named(table), Access(OWNER, purpose))
    assert problem.value.exit_code == 5


@pytest.mark.parametrize("role", ROLES)
def test_only_owner_and_pipeline_ask_who_is_who(role):
    assert ("identity" in PURPOSES_OF_ROLE[role]) == (role in ("owner", "run"))


def test_a_purpose_that_the_role_does_not_work_for():
    with pytest.raises(
        PrivacyError, match="may not read data for this purpose. Got analyst, display. Fix: Purposes of this role: analysis, measurement"
    ):
        allowed_columns(table_named("customer"), Access(Actor("x", "analyst"), "display"))
    with pytest.raises(PrivacyError, match="Purposes of this role: none"):
        allowed_columns(table_named("product"), Access(Actor("x", "auditor"), "display"))


@pytest.mark.parametrize(("role", "purpose"), [("root", "display"), ("rep", "fun"), ("", "")])
def test_an_invented_role_or_purpose_gets_nothing(role, purpose):
    with pytest.raises(PrivacyError, match="may not"):
        allowed_columns(table_named("product"), Access(Actor("x", role), purpose))


def test_sensitive_columns_are_for_those_who_work_with_the_person():
    columns = (
        Column("customer_id", "string", "-", "personal", ("analysis", "display"), WORDS),
        Column("ill", "boolean", "-", "sensitive", ("analysis", "display"), WORDS),
    )
    table = Table("health", "fact", ("customer_id",), columns, WORDS)
    seen = {
        role: "ill" in allowed_columns(table, Access(Actor("x", role), "display"))
        for role in ("owner", "rep", "lead", "manager", "marketer")
    }
    assert seen == {"owner": True, "rep": True, "lead": True, "manager": False, "marketer": False}
    assert "ill" not in allowed_columns(table, Access(RUN, "analysis"))
    assert "ill" not in allowed_columns(table, Access(Actor("x", "analyst"), "analysis"))


def test_hidden_columns_neither_filter_nor_sort():
    record = table_named("record")
    refuse_conditions(record, ["record_id"], asked=["record_id", "customer_id", "", "not a column"])
    with pytest.raises(PrivacyError, match="cannot filter or sort. Got owner_id"):
        refuse_conditions(record, ["record_id"], asked=["record_id", "owner_id"])


@pytest.mark.parametrize(
    ("role", "purpose", "columns"),
    [
        ("owner", "display", ("name", "id_number", "source_key")),
        ("rep", "contact", ("name", "phone")),
        ("lead", "display", ("email",)),
        ("run", "identity", ("name",)),
    ],
)
def test_identifiers_for_those_who_need_them(role, purpose, columns):
    assert revealed_columns((*columns, columns[0]), Access(Actor("x", role, "t"), purpose)) == columns


@pytest.mark.parametrize(
    ("role", "purpose", "columns"),
    [
        ("rep", "contact", ("phone", "id_number")),  # a contact needs no ID number
        ("rep", "identity", ("name",)),
        ("rep", "measurement", ("name",)),
        ("run", "display", ("name",)),
        ("analyst", "analysis", ("name",)),
        ("marketer", "contact", ("phone",)),
        ("admin", "display", ("name",)),
        ("auditor", "display", ("name",)),
        ("owner", "analysis", ("name",)),
    ],
)
def test_nobody_else_opens_identifiers(role, purpose, columns):
    with pytest.raises(PrivacyError, match=f"may not open identifiers for this purpose. Got {role}, {purpose}"):
        revealed_columns(columns, Access(Actor("x", role, "t"), purpose))


def test_an_identifier_that_does_not_exist():
    with pytest.raises(UsageError, match="no such identifier. Got raw. Fix: Use one of address, address_normal, anonymous_id, email"):
        revealed_columns(("name", "raw"), Access(OWNER, "display"))
    assert "raw" not in REVEALS["identity"]


@pytest.mark.parametrize(
    ("by", "measures"),
    [("customer_id", {}), ("tier", {"customer_id": "sum"}), ("absent", {}), ("tier", {"absent": "sum"})],
)
def test_no_totals_by_a_person(by, measures):
    with pytest.raises(PrivacyError, match="There are no totals by or of these columns. Got profile"):
        refuse_totals(table_named("profile"), Access(OWNER, "display"), by=by, measures=measures)


def test_no_totals_where_nobody_is_counted():
    with pytest.raises(PrivacyError, match="Got product"):
        refuse_totals(table_named("product"), Access(OWNER, "display"), by="category", measures={})


@pytest.mark.parametrize("measures", [{"spend": "max"}, {"stage": "sum"}, {"last_order_on": "mean"}])
def test_only_numbers_are_summed_and_no_extreme_is_told(measures):
    with pytest.raises(UsageError, match="Only numbers can be summed or averaged"):
        refuse_totals(table_named("profile"), Access(OWNER, "display"), by="tier", measures=measures)
