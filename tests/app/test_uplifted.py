"""What contacts come to, and the life of customers, from files to the list: members with an even number say yes, and only they are moved."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

import zhiyin
from journeys.shop import opened
from till import TILL
from zhiyin.act.goals import policy_of
from zhiyin.app.home import open_home
from zhiyin.app.intake import record_ids
from zhiyin.guard.access import OWNER, Access

pytestmark = pytest.mark.slow  # a run of its own

DAY = date(2026, 7, 1)
DRAWN = DAY - timedelta(days=40)
MEMBERS = 400
SETTINGS = (
    """
goal = "repurchase"
"""
    + TILL
    + """
[[source]]
name = "results"
system = "shop"
kind = "outcomes"
file = "results.csv"
columns = { customer = "会员号", outcome = "结果", happened_at = "时间" }
"""
)


def held(member: int) -> bool:
    return member % 4 > 1


def write(path: Path, header: str, rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


def orders(draw: random.Random) -> list[list[object]]:
    """Everybody orders now and then until the draw, and since; the even who were contacted in its four weeks as well."""
    days = []
    for member in range(MEMBERS):
        days += [(member, DAY - timedelta(days=draw.randrange(70, 180))) for _ in range(4)]
        days += [(member, DRAWN + timedelta(days=draw.randrange(1, 27)))] * (draw.random() < 0.1)
        days += [(member, DRAWN + timedelta(days=draw.randrange(1, 27)))] * (member % 2 == 0 and not held(member) and draw.random() < 0.8)
    return [[f"D{place}", f"M{member}", f"P{place % 3}", "100.00", f"{on} 10:00"] for place, (member, on) in enumerate(days)]


def results(draw: random.Random) -> list[list[object]]:
    made = []
    for member in range(MEMBERS):
        for back in (20, 47, 60, 75, 90, 118):
            yes = draw.random() < (0.8 if member % 2 == 0 else 0.1)
            made.append([f"M{member}", "已接通" if yes else "无需求", f"{DAY - timedelta(days=back)} 11:00"])
    return made


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    draw = random.Random(1)  # noqa: S311 - invented members
    folder = opened(tmp_path_factory.mktemp("called") / "shop", SETTINGS)
    write(folder / "orders.csv", "订单编号,会员号,商品编码,实付金额,付款时间", orders(draw))
    write(folder / "results.csv", "会员号,结果,时间", results(draw))
    with zhiyin.open(folder) as workspace:
        workspace.import_()
    home = open_home(folder)
    ids = record_ids(home.vault.keys.ids, "shop")([f"M{member}" for member in range(MEMBERS)])
    home.journal.add_touches(
        {
            "touch_id": f"t{member}", "customer_id": who, "channel": "phone", "policy": policy_of("repurchase"), "propensity": 0.5,
            "holdout": held(member), "at": DRAWN.isoformat(), "by": "list",
        }
        for member, who in enumerate(ids)
    )  # fmt: skip
    home.close()
    with zhiyin.open(folder) as workspace:
        notes = [say.en for say in workspace.run(DAY).sentences]
    return folder, notes


def rows_of(folder: Path, table: str, **where: object) -> list[dict[str, object]]:
    with zhiyin.open(folder) as workspace, workspace._guard() as guard:
        return list(guard.rows(table, Access(OWNER, "measurement"), where=where))


def test_who_says_yes_when_called_is_told(called):
    folder, notes = called
    said = [float(str(row["value"])) for row in rows_of(folder, "prediction", question="call_answer")]
    assert len(said) == MEMBERS
    assert sum(value > 0.5 for value in said) == pytest.approx(MEMBERS / 2, abs=40)
    assert any(note.startswith("Will this customer say yes when called?") for note in notes)


def test_whom_a_contact_changes_is_told_and_the_list_rests_on_it(called):
    folder, notes = called
    moved = {row["customer_id"]: float(str(row["value"])) for row in rows_of(folder, "prediction", question="uplift")}
    assert "The list is ordered by the measured effect of a contact." in notes
    assert sum(value > 0.3 for value in moved.values()) == pytest.approx(MEMBERS / 2, abs=60)
    groups = {row["segment_id"] for row in rows_of(folder, "segment", scheme="effect")}
    assert groups >= {"persuadable", "lost_cause"}
    steps = [row for row in rows_of(folder, "next_step", question="purchase") if row["action"] in ("replenish", "return")]
    assert steps
    assert all(float(str(row["uplift"])) == pytest.approx(moved[row["customer_id"]]) for row in steps)
    qini = [row for row in rows_of(folder, "scorecard", question="uplift", metric="qini") if row["used"]]
    assert float(str(qini[0]["low"])) > 0


def test_value_next_order_and_loyalty_are_told(called):
    folder, notes = called
    assert {str(row["unit"]) for row in rows_of(folder, "prediction", question="next_order")} == {"days"}
    assert len(rows_of(folder, "prediction", question="value")) == MEMBERS
    assert any(note.startswith("Customer value, checked on the last") for note in notes)
    assert len(rows_of(folder, "segment", scheme="loyalty")) == MEMBERS


def test_wrong_verdicts_of_calls_are_counted(called):
    folder, notes = called
    found = {row["variant"]: row for row in rows_of(folder, "scorecard", metric="no_need_wrong")}
    assert int(str(found["now"]["n"])) > 100
    assert 0 <= float(str(found["now"]["low"])) <= float(str(found["now"]["value"])) < 0.5
    assert any(note.startswith('Of the calls judged "no need"') for note in notes)
