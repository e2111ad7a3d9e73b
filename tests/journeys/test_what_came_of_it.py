"""What people write down, and what the owner sets, is in the list of the next day: refusals, sales, a pause, another goal; with one
model damaged in the night."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

import zhiyin
from journeys.shop import DAY, settings_text
from zhiyin.app.demo import Played, demo
from zhiyin.app.rows import Rows
from zhiyin.guard.access import OWNER, Access

pytestmark = pytest.mark.slow  # a run of its own

NEXT_DAY = DAY + timedelta(days=1)
KINDS = ("refused_contact", "refused_contact", "bought", "no_need", "unreachable")
SAID_ON = (DAY, "2026-11-21", DAY, DAY, DAY)  # a refusal holds whenever it was said


@pytest.fixture(scope="module")
def before(shop: Path) -> Rows:
    with zhiyin.open(shop) as workspace:
        return workspace.today()


@pytest.fixture(scope="module")
def wanted(before: Rows) -> list[str]:
    """Customers of one rep, from the top of the list."""
    return [str(row["customer_id"]) for row in before if row["owner_id"] == "wang"][: len(KINDS)]


@pytest.fixture(scope="module")
def never(before: Rows) -> str:
    """A customer of another rep, who is never to be contacted."""
    return next(str(row["customer_id"]) for row in before if row["owner_id"] == "li")


@pytest.fixture(scope="module")
def played(whole_shop: Path, tmp_path_factory: pytest.TempPathFactory, wanted: list[str], never: str) -> tuple[Path, Played]:
    folder = Path(shutil.copytree(whole_shop, tmp_path_factory.mktemp("after") / "shop"))
    with zhiyin.open(folder, actor="wang") as workspace:
        for customer, kind, day in zip(wanted, KINDS, SAID_ON, strict=True):
            workspace.outcome(customer, kind, amount=88.8 if kind == "bought" else 0, at=day)
    settings = settings_text(capacity=5).replace("[contact]", f'[contact]\ndo_not_contact = ["{never}"]').replace("repurchase", "retention")
    (folder / "zhiyin.toml").write_text(settings, "utf-8")
    file = next((folder / "models").glob("churn-*/arrays.npz"))
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    return folder, demo(folder, next_day=True, progress=lambda *_: None, language="zh")


@pytest.fixture(scope="module")
def after(played: tuple[Path, Played]) -> Path:
    return played[0]


@pytest.fixture(scope="module")
def steps(after: Path) -> dict[str, dict[str, object]]:
    with zhiyin.open(after) as workspace, workspace._guard() as guard:
        return {str(row["customer_id"]): row for row in guard.rows("next_step", Access(OWNER, "contact"), where={})}


def test_what_was_said_keeps_the_customer_off_the_list(steps, wanted):
    blocked = [steps[customer]["blocked"] for customer in wanted]
    assert blocked == ["refused", "refused", "contacted_lately", "contacted_lately", "contacted_lately"]


def test_who_is_never_to_be_contacted_is_not(steps, never):
    assert steps[never]["blocked"] == "do_not_contact"


def test_the_outcome_stands_on_the_page_of_the_customer(after, wanted):
    with zhiyin.open(after) as workspace:
        pages = [workspace.explain(customer) for customer in wanted[:3]]
    noted = [[(row["kind"], row["amount"], row["at"], row["by"]) for row in page["noted"]] for page in pages]
    assert noted == [
        [("refused_contact", 0, DAY.isoformat(), "wang")],
        [("refused_contact", 0, "2026-11-21", "wang")],
        [("bought", 8880, DAY.isoformat(), "wang")],
    ]


def test_another_goal_makes_another_list(after, before):
    with zhiyin.open(after) as workspace:
        today = workspace.today()
    assert {row["action"] for row in before} <= {"replenish", "offer_new", "return", "raise", "invite"}
    assert {row["action"] for row in today} <= {"win_back", "keep", "call_early"}
    assert {row["question"] for row in today} <= {"churn", "spend_halves"}
    assert len(today) > 5
    assert max(row["rank"] for row in today) == 5


def test_another_goal_makes_another_report(after, shop, tmp_path):
    with zhiyin.open(shop) as workspace:
        old = workspace.report(tmp_path / "old.html").read_text("utf-8")
    new = next((after / "reports").glob("*.html")).read_text("utf-8")
    assert "提升复购率" in old and "降低流失率" not in old
    assert "降低流失率" in new and "提升复购率" not in new


def test_models_that_are_young_enough_are_used_again_and_a_damaged_one_is_made_anew(played, shop):
    def models(folder):
        with zhiyin.open(folder) as workspace:
            return {row["question"]: row["model_id"] for row in workspace.models()}

    now, then = models(played[0]), models(shop)
    changed = {question for question in now if now[question] != then[question]}
    assert changed - {"recommend"} == {"churn"}  # what is recommended is learned every day
    assert now["churn"].startswith("churn-000002-")
    notes = [note["en"] for note in played[1].answer()["run"]["notes"]]
    assert "The files of the model churn are damaged; it was fitted anew." in notes


def test_the_draw_of_another_goal_is_another_experiment(after):
    with zhiyin.open(after) as workspace:
        drawn = {(row["policy"], row["at"]) for row in workspace._home.journal.touches()}
    assert drawn == {("repurchase-1", DAY.isoformat()), ("retention-1", NEXT_DAY.isoformat())}


def test_the_next_day_tells_what_has_changed_in_plain_values(played):
    folder, told = played
    answer = json.loads(json.dumps(told.answer(), default=str), parse_constant=pytest.fail)
    assert (answer["run"]["at"], answer["workspace"]) == (NEXT_DAY.isoformat(), str(folder))
    assert answer["run"]["listed"] == len(answer["today"])
    assert len(answer["changed"]) > 10
    assert answer["report"].endswith(f"report-{NEXT_DAY}.html")
    assert {("kpi", "repurchase_rate"), ("model", "auc")} <= {(score["subject"], score["metric"]) for score in answer["run"]["scores"]}
    assert [note for note in answer["run"]["notes"] if "试验" in note["zh"]]
