"""A list of an earlier day knows nothing of what came later: the same shop, loaded with and without its last month."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

import zhiyin
from journeys.shop import DAY, LOADED, opened, settings_text, write_shop
from zhiyin.guard.access import OWNER, Access

pytestmark = pytest.mark.slow  # a run of its own

DERIVED = ("customer", "profile", "profile_at", "interest_at", "campaign_at", "prediction", "segment", "recommendation", "next_step")


def cut(file: Path, column: str, *, encoding: str) -> None:
    """Leave out the rows of the day of the list and later."""
    with file.open(encoding=encoding, newline="") as lines:
        header, *rows = csv.reader(lines)
    at = header.index(column)
    kept = [row for row in rows if date.fromisoformat(row[at][:10].replace("/", "-").replace("年", "-").replace("月", "-")) < DAY]
    assert 0 < len(kept) < len(rows)
    with file.open("w", encoding=encoding, newline="") as lines:
        csv.writer(lines).writerows([header, *kept])


@pytest.fixture(scope="module")
def without_later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = opened(tmp_path_factory.mktemp("as of") / "shop", settings_text())
    write_shop(folder)
    cut(folder / "订单.csv", "付款时间", encoding="gb18030")
    cut(folder / "事件.csv", "时间", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, zhiyin.open(folder) as workspace:
        patch.setattr("zhiyin.app.intake.utc_now", lambda: LOADED)
        workspace.import_()
        workspace.run(DAY)
    return folder


def rows_of(folder: Path, table: str) -> list[dict[str, object]]:
    with zhiyin.open(folder) as workspace, workspace._guard() as guard:
        return guard.rows(table, Access(OWNER, "analysis" if table != "next_step" else "contact"), where={})


@pytest.mark.parametrize("table", DERIVED)
def test_nothing_of_the_day_depends_on_what_came_later(shop, without_later, table):
    with_later = rows_of(shop, table)
    assert with_later
    assert rows_of(without_later, table) == with_later


def test_only_the_scorecard_looks_ahead(shop, without_later):
    def judged_by_what_came(folder):
        return {(row["subject"], row["metric"]) for row in rows_of(folder, "scorecard") if row["at_on"] >= DAY}

    assert judged_by_what_came(without_later) == set()
    assert {subject for subject, _ in judged_by_what_came(shop)} == {"model", "list", "recommendation"}
