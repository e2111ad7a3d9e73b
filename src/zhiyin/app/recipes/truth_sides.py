"""The two sides of a comparison: what the workspace published, read through the guard, and what is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import pandas as pd

from zhiyin.app.recipes.truth_file import Truth
from zhiyin.guard.access import RUN, Access, Guard
from zhiyin.store.lake import LakeView

__all__ = ["Sides"]


@dataclass(frozen=True)
class Sides:
    """What is compared: the published generation, read through the guard, and the truth.

    Args:
        view: runs relations.
        guard: gives them.
        at: the day of the list.
        currency: of the workspace.
        truth: what is true.
        people: one row per customer who holds a record of the truth: customer_id, mixed, and the columns of person.csv.
    """

    view: LakeView
    guard: Guard
    at: date
    currency: str
    truth: Truth
    people: pd.DataFrame

    def table(self, name: str) -> ibis.Table:
        """A table as the run may measure it."""
        return self.guard.read(name, Access(RUN, "measurement"))

    def frame(self, rows: ibis.Table) -> pd.DataFrame:
        """A relation as a frame."""
        return self.view.frame(rows)

    def of_people(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of customers beside what is true of the person whom each stands for."""
        return self.people.merge(rows, on="customer_id", validate="one_to_many")
