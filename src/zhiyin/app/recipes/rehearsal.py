"""A workspace that follows invented companies day by day: it sees what their systems export, makes the list, hears what came of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from zhiyin.app.home import create_home, open_home
from zhiyin.app.intake import load_sources, record_ids
from zhiyin.app.reading import published
from zhiyin.app.run import run
from zhiyin.core.clock import utc_now
from zhiyin.core.settings import SourceSettings
from zhiyin.guard.access import RUN, Access
from zhiyin.sandbox.company import facts, settings
from zhiyin.sandbox.exports.goods import products
from zhiyin.sandbox.exports.marketing import calls_made
from zhiyin.sandbox.exports.office import office
from zhiyin.sandbox.exports.people import crm, members, newcomers
from zhiyin.sandbox.happened import OUTCOMES
from zhiyin.sandbox.scenario import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zhiyin.core.words import Say
    from zhiyin.sandbox.chance import Ids
    from zhiyin.sandbox.exports.part import Part
    from zhiyin.sandbox.happened import Day
    from zhiyin.sandbox.world import World

__all__ = ["Rehearsal"]


class Rehearsal:
    """The product at work in a company of several branches, each a world of its own.

    Stock is not told: each branch has its own shelf, and the product knows one shelf a product.

    Args:
        folder: an empty folder for the workspace and the exports.
        worlds: the branches, numbered by their place, before their first day.
        days: of the past, lived here in each.
        capacity: contacts a day in each branch.
        cost: of one contact, in units of the currency.
    """

    def __init__(self, folder: Path, worlds: Sequence[World], *, days: int, capacity: int, cost: float) -> None:
        self.folder = folder
        self.worlds = worlds
        self.offices = [office(world) for world in worlds]
        for world, known in zip(worlds, self.offices, strict=True):
            for _ in range(days):
                day = world.step(world.habit())
                self._put("past", (*facts(known, day), calls_made(known, day)))
            self._put("past", (*crm(known), *members(known)))
        self._put("past", [products(worlds[0].ground)])
        create_home(folder / "workspace")
        self.capacity = capacity
        # The pool of those without a rep is one list for all branches: long enough that each branch finds its best on it.
        # The list does not read the demand, so no seconds are spent on its forecaster.
        contact = {"capacity": capacity * len(worlds), "cost": cost}
        self.home = open_home(folder / "workspace", contact=contact, demand={"budget_s": 0})
        self._people = self._records()
        self._answering = pd.DataFrame(columns=["customer_id", "branch", "person"])
        self._load("past")

    def chosen(self) -> list[Ids]:
        """Run the day, and take the best of today's list in each branch: whom to contact there."""
        run(self.home, self.worlds[0].today, progress=_quiet, refit=False)
        with published(self.home, utc_now) as (view, guard):
            steps = guard.read("next_step", Access(RUN, "contact"))
            listed = view.frame(steps.filter(steps["listed"]).select("customer_id", "gain"))
            identity = view.frame(guard.read("identity", Access(RUN, "identity")))
        met = listed.merge(identity[identity["record_id"].isin(self._people)], on="customer_id")
        places = np.array([self._people[record] for record in met["record_id"]], dtype=np.int64).reshape(-1, 2)
        met = met.assign(branch=places[:, 0], person=places[:, 1]).sort_values(
            ["gain", "customer_id", "person"], ascending=[False, True, True]
        )
        first = met.drop_duplicates("customer_id").drop_duplicates(["branch", "person"])
        self._answering = first.groupby("branch").head(self.capacity)
        found = self._answering
        return [np.sort(found.loc[found["branch"].eq(branch), "person"].to_numpy()) for branch in range(len(self.worlds))]

    def heard(self, days: Sequence[Day]) -> None:
        """Note what came of today's contacts, and load what the systems of each branch exported of the day."""
        contacts = [day.rows("contacts") for day in days]
        came = [dict(zip(rows["person"].tolist(), rows["outcome"].tolist(), strict=True)) for rows in contacts]
        at = days[0].on.isoformat()
        for row in self._answering.itertuples():
            kind = OUTCOMES[came[row.branch][row.person]]
            self.home.journal.add_outcome(customer_id=row.customer_id, kind=kind, question="", amount=0, at=at, by="rehearsal")
        for known, day in zip(self.offices, days, strict=True):
            groups = {name: rows for name, rows in day.groups.items() if name != "stock"}
            self._put(at, facts(known, type(day)(day.on, day.number, day.arrived, groups)))
            self._put(at, newcomers(known, day.arrived))
        self._load(at)

    def close(self) -> None:
        """Close the files of the workspace."""
        self.home.close()

    def _records(self) -> dict[str, tuple[int, int]]:
        """Record -> branch and person: who answers when a record is called."""
        found: dict[str, tuple[int, int]] = {}
        for branch, known in enumerate(self.offices):
            for system in SYSTEMS:
                natives = known.written.key(system).to_pylist()
                people = [(branch, person) for person in range(len(natives))]
                found |= dict(zip(record_ids(self.home.vault.keys.ids, system)(natives), people, strict=True))
        return found

    def _put(self, name: str, parts: Iterable[Part]) -> None:
        """Write pieces of exports into a folder of their own."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        for part in parts:
            if part.rows:
                file = folder / part.file
                new = not file.exists()
                with file.open("ab") as sink:
                    sink.write(part.header + part.body if new else part.body)

    def _load(self, name: str) -> None:
        folder = self.folder / name
        told = tomllib.loads(settings(self.worlds[0], [file.name for file in folder.iterdir()]).body.decode())
        sources = [SourceSettings(**{**one, "file": str(folder / one["file"])}) for one in told.get("source", [])]
        if sources:
            load_sources(self.home, sources, progress=_quiet)


def _quiet(stage: Say, done: float | None) -> None:
    """No progress shown: the strategies tell theirs."""
