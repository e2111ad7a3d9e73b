"""A customer list as it is exported: what follows from it, what cannot be used, what was probably meant, and what a person decides."""

from __future__ import annotations

import shutil

import pytest

import zhiyin
from journeys.shop import opened

SETTINGS = """
timezone = "Asia/Shanghai"
currency = "CNY"
language = "en"
as_of = 2026-10-01

[[source]]
name = "crm"
kind = "customers"
file = "customers.csv"
needs = ["name"]
allowed = { "attribute.level" = ["gold", "silver"] }
columns = { customer = "id", name = "name", phone = "phone", email = "mail", address = "address", "attribute.level" = "level", "attribute.company" = "firm", "attribute.city" = "city" }

[[source]]
name = "shop"
system = "crm"
file = "orders.csv"
columns = { customer = "who", order_id = "no", product_id = "sku", product = "thing", category = "kind", amount = "paid", ordered_at = "day" }
"""
CUSTOMERS = """id,name,phone,mail,address,level,firm,city,secret
C1,王麗 女士,13912340001,li@gamil.com,廣東省深圳市南山區科苑路15號,gold,杭州知音科技有限公司,,x
C2,李雷,13800138000,,,silver,知音科技,杭洲,x
C3,张三,12345678,test@test.com,,gold,杭州知音科技有限公司,上海,x
C4,,13912340004,,,gold,,,x
C5,赵六,13912340005,,,bronze,,,x
C6,钱七,0755-88886666,qian@hotmial.com,,gold,杭州知音科技有限公司,,x
"""
ORDERS = ["no,who,sku,thing,kind,paid,day"]
ORDERS += [f"A{n},C{1 + n % 3},S{n % 4},thing {n % 4},{'Snacks' if n % 4 else 'snack'},20.00,2026-0{1 + n % 9}-1{n % 9}" for n in range(60)]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Imported and run once; what a test changes it changes in a copy."""
    folder = opened(tmp_path_factory.mktemp("cleaned") / "shop", SETTINGS)
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "orders.csv").write_text("\n".join(ORDERS), encoding="utf-8")
    with zhiyin.open(folder) as workspace:
        workspace.import_()
        workspace.run()
    return folder


@pytest.fixture
def workspace(built, tmp_path):
    return shutil.copytree(built, tmp_path / "shop")


def _customer(folder, zhiyin_says, who, *more):
    said = zhiyin_says("customer", who, "-w", folder, "--json", *more)
    assert said.code == 0, said.err
    return said.json()


def _proposals(folder, zhiyin_says, *more):
    return {(row["rule"], row["told"]): row for row in zhiyin_says("corrections", "-w", folder, "--json", *more).json()}


def test_rows_that_break_what_the_source_declares_are_refused_and_undeclared_columns_counted(workspace, zhiyin_says):
    checked = {row["name"]: row for row in zhiyin_says("check", "-w", workspace, "--json").json()}
    crm = checked["source.crm"]
    assert crm["what_en"] == "crm: 6 rows read, 2 refused (33.3%), 6 values of undeclared columns dropped."
    assert "The name is missing" in crm["fix_en"]
    assert "The level is not among the values that the source declares" in crm["fix_en"]


def test_what_is_not_told_is_inferred_with_how_and_how_sure(workspace, zhiyin_says):
    one = {row["column_name"]: row for row in _customer(workspace, zhiyin_says, "C1")["inferred"]}
    assert (one["city"]["value"], one["city"]["method"], one["city"]["confidence"]) == ("深圳市", "address", 0.97)
    assert (one["gender"]["value"], one["gender"]["method"]) == ("女", "title")
    assert one["preferred_category"]["method"] == "behaviour"
    six = {row["column_name"]: (row["value"], row["method"]) for row in _customer(workspace, zhiyin_says, "C6")["inferred"]}
    assert six == {"province": ("广东省", "phone"), "city": ("深圳市", "phone")}
    assert "city" not in {row["column_name"] for row in _customer(workspace, zhiyin_says, "C3")["inferred"]}
    assert "Inferred, not told" in zhiyin_says("customer", "C1", "-w", workspace).out


def test_a_contact_that_cannot_be_used_says_why_and_nobody_is_called_on_it(workspace, zhiyin_says):
    three = _customer(workspace, zhiyin_says, "C3")
    assert {(row["channel"], row["code"]) for row in three["bad_contacts"]} == {
        ("phone", "impossible_phone"),
        ("email", "placeholder_email"),
    }
    assert three["next_step"][0]["contact"] == "closed"
    assert three["next_step"][0]["blocked"] == "closed_channel"
    assert _customer(workspace, zhiyin_says, "C2")["next_step"][0]["blocked"] == "closed_channel"
    assert "the number looks made up" in zhiyin_says("customer", "C2", "-w", workspace).out
    listed = zhiyin_says("today", "-w", workspace, "--json", "-n", "0").json()
    assert not {row["customer_id"] for row in listed} & {three["customer_id"]}


def test_proposals_are_masked_and_accepted_ones_are_read_from_then_on(workspace, zhiyin_says):
    found = _proposals(workspace, zhiyin_says)
    assert set(found) == {
        ("email_domain", "l***@gamil.com"),
        ("email_domain", "q***@hotmial.com"),
        ("city", "杭洲"),
        ("company", "知音科技"),
        ("category", "snack"),
    }
    assert found["email_domain", "l***@gamil.com"]["proposed"] == "l***@gmail.com"
    one = found["email_domain", "l***@gamil.com"]["correction_id"]
    assert zhiyin_says("correct", "accept", one, "-w", workspace, "--json").json()["decided"] == 1
    assert _customer(workspace, zhiyin_says, "C1", "--reveal", "--reason", "call")["identifiers"]["email"] == "li@gmail.com"
    assert _customer(workspace, zhiyin_says, "C6")["identifiers"]["email"] == "q***@hotmial.com"
    for rule in ("city", "company", "category"):
        assert zhiyin_says("correct", "accept", "--all-of", rule, "-w", workspace).code == 0
    assert zhiyin_says("run", "-w", workspace).code == 0
    attributes = _customer(workspace, zhiyin_says, "C2")["profile"]["attributes"]
    assert (attributes["city"]["value"], attributes["company"]["value"]) == ("杭州市", "杭州知音科技有限公司")
    assert {one["category"] for one in _customer(workspace, zhiyin_says, "C1")["profile"]["interests"]} == {"Snacks"}
    states = {key: row["state"] for key, row in _proposals(workspace, zhiyin_says, "--all").items()}
    assert states["city", "杭洲"] == "accepted"
    assert states["email_domain", "q***@hotmial.com"] == "proposed"


def test_a_rule_learns_from_what_is_said_to_it(workspace, zhiyin_says):
    said = zhiyin_says("correct", "reject", "--all-of", "email_domain", "-w", workspace, "--json").json()
    assert said["confidence"]["email_domain"] == pytest.approx(0.57)
    assert "What was told stays." in zhiyin_says("correct", "reject", "--all-of", "company", "-w", workspace).out
    assert _customer(workspace, zhiyin_says, "C1")["identifiers"]["email"] == "l***@gamil.com"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("maybe", "c1"), "Say accept or reject."),
        (("accept",), "Name one proposal, or a rule with --all-of."),
        (("accept", "c1", "--all-of", "city"), "Name one proposal, or a rule with --all-of."),
        (("accept", "c1"), "There is no such proposal."),
        (("reject", "--all-of", "spelling"), "There is no such rule."),
    ],
)
def test_what_cannot_be_decided_says_so(workspace, zhiyin_says, words, error):
    said = zhiyin_says("correct", *words, "-w", workspace)
    assert said.code != 0
    assert error in said.err


def test_importing_again_makes_no_proposal_twice(workspace, zhiyin_says):
    before = set(_proposals(workspace, zhiyin_says))
    with (workspace / "customers.csv").open("a", encoding="utf-8") as file:
        file.write("C7,孙八,13912340007,sun@gamil.com,,gold,,,x\n")
    assert zhiyin_says("import", "-w", workspace).code == 0
    assert zhiyin_says("run", "-w", workspace).code == 0
    assert set(_proposals(workspace, zhiyin_says)) - before == {("email_domain", "s***@gamil.com")}
    assert "→" in zhiyin_says("check", "-w", workspace).out
