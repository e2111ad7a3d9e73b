"""Who sees what, through the doors: a rep the own customers, a lead the own team, a manager nobody one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import zhiyin
from journeys.shop import email_of, name_of, phone_of
from zhiyin.app.workspace import Workspace
from zhiyin.core.errors import NotFound, PrivacyError, UsageError

QUESTIONS: dict[str, Callable[[Workspace, str], object]] = {
    "customer": lambda workspace, who: workspace.customer(who),
    "explain": lambda workspace, who: workspace.explain(who),
    "recommend": lambda workspace, who: workspace.recommend(who),
    "outcome": lambda workspace, who: workspace.outcome(who, "no_need"),
    "reveal": lambda workspace, who: workspace.customer(who, reveal=True, reason="call back"),
}
OWN, TEAM_MATES, STRANGERS, NOBODYS, UNKNOWN = "K5000", "K5001", "K5002", "K5003", "K9999"  # wang's, li's, zhao's, the pool's, not there
SEES = {"owner": (OWN, TEAM_MATES, STRANGERS, NOBODYS), "wang": (OWN,), "chief": (OWN, TEAM_MATES)}


@pytest.mark.parametrize("question", sorted(QUESTIONS))
@pytest.mark.parametrize("who", sorted(SEES))
def test_the_own_customers_are_answered_and_others_look_as_if_they_did_not_exist(another_shop, who, question):
    told = set()
    with zhiyin.open(another_shop, actor=who) as workspace:
        for customer in (OWN, TEAM_MATES, STRANGERS, NOBODYS, UNKNOWN):
            if customer in SEES[who]:
                assert QUESTIONS[question](workspace, customer)
            else:
                with pytest.raises(NotFound) as refused:
                    QUESTIONS[question](workspace, customer)
                told.add(str(refused.value))
    assert len(told) == 1


@pytest.mark.parametrize("who", ["boss", "mia", "ana", "root", "audrey"])
def test_a_refused_kind_of_question_is_refused_whether_or_not_the_customer_exists(another_shop, who):
    told = set()
    with zhiyin.open(another_shop, actor=who) as workspace:
        for question in QUESTIONS.values():
            for customer in (OWN, NOBODYS, UNKNOWN):
                with pytest.raises(PrivacyError) as refused:
                    question(workspace, customer)
                told.add(str(refused.value))
        with pytest.raises(PrivacyError):
            workspace.today()
    assert not [sentence for sentence in told if "K5" in sentence or "K9" in sentence]


@pytest.mark.parametrize(("who", "owners"), [("wang", {"wang"}), ("li", {"li"}), ("chief", {"wang", "li"})])
def test_the_list_of_today_holds_the_own_customers_only(shop, who, owners):
    with zhiyin.open(shop) as workspace:
        mine = [row["customer_id"] for row in workspace.today() if row["owner_id"] in owners]
    with zhiyin.open(shop, actor=who) as workspace:
        assert [row["customer_id"] for row in workspace.today()] == mine
        with pytest.raises(UsageError, match="There is no list of this rep. Got zhao. Fix: Those who have a list: ") as told:
            workspace.today("zhao")
        assert set(told.value.fix.en.rstrip(".").partition(": ")[2].split(", ")) == set(owners)
        assert len(workspace.today(limit=3)) == 3


def test_the_owner_reads_the_list_of_one_rep(shop):
    with zhiyin.open(shop) as workspace:
        assert {row["owner_id"] for row in workspace.today("li")} == {"li"}
        with pytest.raises(UsageError, match="There is no list of this rep. Got nobody. Fix: Those who have a list: li, wang, zhao."):
            workspace.today("nobody")


def test_identifiers_are_masked_until_they_are_revealed_with_a_reason(another_shop):
    with zhiyin.open(another_shop) as workspace:
        masked = workspace.customer(OWN)["identifiers"]
        assert (masked["name"], masked["phone"]) == (f"{name_of(0)[0]}**", f"{phone_of(0)[:3]}****{phone_of(0)[-4:]}")
        with pytest.raises(UsageError, match=r"Revealing needs a reason"):
            workspace.customer(OWN, reveal=True)
        shown = workspace.customer(OWN, reveal=True, reason="call back")["identifiers"]
        assert (shown["name"], shown["phone"], shown["email"]) == (name_of(0), f"+86{phone_of(0)}", email_of(0))
        with workspace._guard() as guard:
            (entry,) = [one for one in guard.audit.entries() if one["action"] == "reveal" and one["purpose"] == "display"]
    assert (entry["actor"], entry["purpose"], entry["reason"], entry["count"]) == ("owner", "display", "call back", 2)


def test_what_was_refused_stands_in_the_audit_log(another_shop):
    with zhiyin.open(another_shop, actor="boss") as workspace, pytest.raises(PrivacyError):
        workspace.customer(OWN)
    with zhiyin.open(another_shop) as workspace, workspace._guard() as guard:
        last = guard.audit.entries(limit=1)[0]
    assert (last["actor"], last["role"], last["action"], last["count"]) == ("boss", "manager", "refused", 0)


def test_the_switch_lets_a_manager_read_and_is_audited(another_shop):
    settings = another_shop / "zhiyin.toml"
    settings.write_text(settings.read_text("utf-8").replace("[contact]", "[privacy]\nmanager_sees_rows = true\n\n[contact]"), "utf-8")
    with zhiyin.open(another_shop, actor="boss") as workspace:
        assert workspace.customer(OWN)["profile"]["orders"] > 0
        with workspace._guard() as guard:
            switches = [entry["predicate"] for entry in guard.audit.entries() if entry["action"] == "switch"]
    assert switches == ["manager_sees_rows: off -> on"]


@pytest.mark.parametrize("change", ["import_", "run", "report"])
@pytest.mark.parametrize("who", ["wang", "chief", "boss", "audrey"])
def test_only_the_owner_loads_runs_and_reports(shop, who, change):
    with zhiyin.open(shop, actor=who) as workspace, pytest.raises(PrivacyError, match=r"Only the owner of the workspace may do this"):
        getattr(workspace, change)()


def test_a_manager_sees_the_models_and_the_state_of_the_data(shop):
    with zhiyin.open(shop, actor="boss") as workspace:
        assert {row["question"] for row in workspace.models()} >= {"purchase", "churn"}
        assert {row["ok"] for row in workspace.check()} == {True}


def test_the_auditor_checks_the_log_and_a_rep_does_not(shop):
    with zhiyin.open(shop, actor="audrey") as workspace:
        assert workspace.audit()["ok"]
    with zhiyin.open(shop, actor="wang") as workspace, pytest.raises(PrivacyError, match=r"for the owner and the auditor"):
        workspace.audit()
