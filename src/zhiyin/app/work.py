"""One run under way: the generation being built, the guard over it, and what may be known on its day."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from zhiyin.app.home import Home
from zhiyin.core.log import Line, staged
from zhiyin.core.tables import Purpose
from zhiyin.core.words import Say
from zhiyin.guard.access import RUN, Access, Guard
from zhiyin.unify.spans import Span, first_ids, spans

if TYPE_CHECKING:
    from zhiyin.learn.card import Card
    from zhiyin.store.lake import LakeBuild

__all__ = ["DAY_OF", "Progress", "Work"]

Progress = Callable[[Say, float | None], None]  # a stage and the share of it that is done (0-1), None where that is unknown

# The day on which a fact is known; tables that are not here hold what is always known (who, which product, which offer).
DAY_OF = {
    "order_line": "ordered_on",
    "event": "happened_on",
    "touch": "touched_on",
    "outcome": "happened_on",
    "stock": "counted_on",
    "transfer": "moved_on",
}
_log = logging.getLogger(__name__)


@dataclass
class Work:
    """What the steps of a run share.

    Args:
        home: the workspace.
        build: the generation being built.
        guard: over that generation.
        at: the day of the list; facts of earlier days are known.
        refit: fit all models anew.
        tune_s: seconds in which each question searches for a better shape of trees; 0: as the settings say.
        progress: told how far each stage is.
        notes: sentences for the reader, collected on the way.
        validation: scorecards of the models that were fitted, on the days that they were held back from.
        effects: what contacting was measured to bring, None before anything was drawn by chance.
        cards: of the models in use.
    """

    home: Home
    build: LakeBuild
    guard: Guard
    at: date
    refit: bool
    progress: Progress
    tune_s: float = 0.0
    notes: list[Say] = field(default_factory=list)
    validation: list[pd.DataFrame] = field(default_factory=list)
    effects: pd.DataFrame | None = None
    cards: list[Card] = field(default_factory=list)
    _read: dict[tuple[str, Purpose], ibis.Table] = field(default_factory=dict, repr=False)

    def table(self, name: str, purpose: Purpose = "analysis") -> ibis.Table:
        """A table as the run may read it, whenever its facts happened; asked of the guard once a purpose."""
        if (name, purpose) not in self._read:
            rows = self.guard.read(name, Access(RUN, purpose))
            if not self.build.has(name):
                return rows
            self._read[name, purpose] = rows
        return self._read[name, purpose]

    def known(self, name: str, purpose: Purpose = "analysis") -> ibis.Table:
        """A table of facts, without those of the day of the list and later."""
        rows = self.table(name, purpose)
        return rows.filter(rows[DAY_OF[name]] < ibis.date(self.at)) if name in DAY_OF else rows

    @property
    def ends(self) -> date:
        """The day after the horizon: what is not known by then is judged by the days that the model was held back from."""
        return self.at + timedelta(days=self.home.settings.learning.horizon_days)

    def is_over(self) -> bool:
        """Whether the facts reach to the end of the horizon, so that what was said on the day of the list can be judged."""
        lines = self.table("order_line", "measurement")
        last = self.frame(lines.agg(last=lines["ordered_on"].max()))["last"].iloc[0]
        return bool(pd.notna(last) and pd.Timestamp(last).date() >= self.ends - timedelta(days=1))

    def frame(self, rows: ibis.Table) -> pd.DataFrame:
        """A relation as a frame."""
        return self.build.frame(rows)

    def write(self, stage: str, table: str, *, rows: ibis.Table | pd.DataFrame) -> int:
        """Write a derived table and log it."""
        return self.write_parts(stage, table, parts=[rows])

    def write_parts(self, stage: str, table: str, *, parts: Iterable[ibis.Table | pd.DataFrame]) -> int:
        """The same from parts of ascending customers, each made when the one before is stored."""
        with staged(_log, stage, table) as figures:
            figures.rows_out = self.build.write_parts(table, parts)
        return figures.rows_out

    def add(self, stage: str, table: str, *, rows: pd.DataFrame) -> int:
        """Add rows of new keys to a derived table and log it."""
        with staged(_log, stage, table) as figures:
            figures.rows_out = self.build.append(table, rows).stored
        return figures.rows_out

    def spans(self, customers: ibis.Table, *, size: int, small: int = 0, smalls: int = 0) -> list[Span]:
        """All customers in pieces of `size`, in the order of their ids; the first `smalls` pieces hold `small` each."""
        everybody = self.build.count(customers)
        begun = min(small * smalls, everybody)
        places = [*range(small, begun, small)] if small else []
        places += range(begun or size, everybody, size)
        return spans(list(self.frame(first_ids(customers, places))["customer_id"]) if places else [])

    @contextmanager
    def stage(self, words: Say) -> Iterator[Line]:
        """A stage with its bar."""
        self.progress(words, None)
        with staged(_log, words.en.lower().replace(" ", "_"), "-") as figures:
            yield figures
        self.progress(words, 1.0)
