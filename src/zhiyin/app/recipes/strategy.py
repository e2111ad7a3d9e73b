"""Whom to contact: ways of choosing tried in the same invented worlds, beside doing nothing and beside knowing everything."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from zhiyin.app.recipes.rehearsal import Rehearsal
from zhiyin.core.errors import UsageError, one_of
from zhiyin.core.words import Say
from zhiyin.improve.strategy import Difference, paired
from zhiyin.sandbox.takings import Takings, takings
from zhiyin.sandbox.world import LAST_DAY, World

if TYPE_CHECKING:
    from zhiyin.app.work import Progress
    from zhiyin.sandbox.chance import Ids

__all__ = ["BEST", "NOTHING", "STRATEGIES", "Trial", "Tried", "Way", "try_strategies"]

NOTHING, BEST = "none", "best"
STRATEGIES: Mapping[str, Say] = {
    NOTHING: Say("不联系", "nobody"),
    "random": Say("随机联系", "random"),
    "oldest": Say("最久没买的先联系", "oldest first"),
    "list": Say("知音名单", "the list of zhiyin"),
    BEST: Say("知道真相的最好做法", "best possible"),
}
REST_DAYS = 7  # nobody is contacted again so soon, whatever the strategy
PAST_DAYS = 150
_FEN = 100
_PAST = Say("经营过去", "Live the past")


@dataclass(frozen=True)
class Trial:
    """What is tried: so many worlds of so many customers, contacts a day and what one costs, for how long."""

    strategies: tuple[str, ...] = tuple(STRATEGIES)
    days: int = 60
    seeds: int = 10
    customers: int = 300
    capacity: int = 8
    cost: float = 5.0
    scenario: str = "appliances"
    first_seed: int = 101


@dataclass(frozen=True)
class Way:
    """What one strategy came to: the mean over the worlds in yuan, and what it brought over doing nothing, world by world."""

    name: str
    sales: float
    margin: float
    cost: float
    contacts: float
    put_off: float
    gain: Difference
    curve: tuple[float, ...]


@dataclass(frozen=True)
class Tried:
    """All ways beside each other; `against` is how much more the list brought than another way."""

    trial: Trial
    ways: tuple[Way, ...]
    against: Mapping[str, Difference] = field(default_factory=dict)

    @property
    def reached(self) -> Mapping[str, float]:
        """The share of the best possible gain that each way reached."""
        gains = {way.name: way.gain.mean for way in self.ways}
        most = gains.get(BEST, 0.0)
        return {name: gain / most for name, gain in gains.items() if most > 0}

    def answer(self) -> dict[str, object]:
        """As plain values."""
        ways = [{**vars(way), "gain": way.gain._asdict()} for way in self.ways]
        against = {name: difference._asdict() for name, difference in self.against.items()}
        return {**vars(self.trial), "ways": ways, "list_against": against, "reached": dict(self.reached)}


def try_strategies(trial: Trial, *, progress: Progress) -> Tried:
    """Live the same worlds once a strategy and compare.

    Every strategy meets the same customers, the same luck and the same weather; what differs is who is contacted. The worlds are the
    branches of one company, each with a seed of its own; the product sees all of them in one workspace, with one set of models,
    scores every day and fits every week.

    Raises:
        NotFound: for a strategy or scenario that does not exist; lists those that do.
        UsageError: for a number that makes no trial.
    """
    _refuse(trial)
    begins = LAST_DAY - timedelta(days=PAST_DAYS - 1)
    seeds = range(trial.first_seed, trial.first_seed + trial.seeds)
    worlds = [
        World(trial.scenario, customers=trial.customers, seed=seed, begins=begins, branch=branch) for branch, seed in enumerate(seeds)
    ]
    wanted = [name for name in STRATEGIES if name in {*trial.strategies, NOTHING, BEST}]
    lived: dict[str, list[list[Takings]]] = {}
    progress(_PAST, None)
    with tempfile.TemporaryDirectory(prefix="zhiyin-try-") as folder:
        if "list" in wanted:
            rehearsal = Rehearsal(Path(folder), worlds, days=PAST_DAYS, capacity=trial.capacity, cost=trial.cost)
        else:
            for world in worlds:
                for _ in range(PAST_DAYS):
                    world.step(world.habit())
        progress(_PAST, 1.0)
        for name in wanted:
            if name != "list":
                lived[name] = _lived([world.copy() for world in worlds], name, trial=trial, progress=progress)
        if "list" in wanted:  # last: it goes on with the worlds themselves
            lived["list"] = _with_list(rehearsal, trial=trial, progress=progress)
            rehearsal.close()
    return _compared(trial, {name: lived[name] for name in wanted})


def _lived(worlds: Sequence[World], name: str, *, trial: Trial, progress: Progress) -> list[list[Takings]]:
    """The days of each world under a strategy that needs no workspace."""
    books: list[list[Takings]] = [[] for _ in worlds]
    for number in range(trial.days):
        progress(STRATEGIES[name], number / trial.days)
        for world, days in zip(worlds, books, strict=True):
            day = world.step(_CHOOSE[name](world, trial))
            days.append(takings(world.ground, day))
    progress(STRATEGIES[name], 1.0)
    return books


def _with_list(rehearsal: Rehearsal, *, trial: Trial, progress: Progress) -> list[list[Takings]]:
    """The days of each world with the list of the product."""
    books: list[list[Takings]] = [[] for _ in rehearsal.worlds]
    for number in range(trial.days):
        progress(STRATEGIES["list"], number / trial.days)
        days = [world.step(who) for world, who in zip(rehearsal.worlds, rehearsal.chosen(), strict=True)]
        rehearsal.heard(days)
        for world, day, kept in zip(rehearsal.worlds, days, books, strict=True):
            kept.append(takings(world.ground, day))
    progress(STRATEGIES["list"], 1.0)
    return books


def _nobody(world: World, trial: Trial) -> Ids:
    return np.empty(0, dtype=np.int64)


def _random(world: World, trial: Trial) -> Ids:
    who = _free(world)
    luck = world.ground.chance.words("tried at random", who, day=world.number)
    return who[np.argsort(luck, kind="stable")[: trial.capacity]]


def _oldest(world: World, trial: Trial) -> Ids:
    who = _free(world)
    return who[np.argsort(world.ground.lives.last_order[who], kind="stable")[: trial.capacity]]


def _best(world: World, trial: Trial) -> Ids:
    who = _free(world)
    gain = world.effects().gain[who]
    best = np.argsort(-gain, kind="stable")[: trial.capacity]
    return who[best[gain[best] > trial.cost * _FEN]]


def _free(world: World) -> Ids:
    """Whom anybody may contact today: who has not asked to be left alone, and was not contacted just now."""
    lives = world.ground.lives
    who = np.arange(lives.arrived, dtype=np.int64)
    found: Ids = who[~lives.refuses[who] & (world.number - lives.contacted[who] >= REST_DAYS)]
    return found


_CHOOSE: dict[str, Callable[[World, Trial], Ids]] = {NOTHING: _nobody, "random": _random, "oldest": _oldest, BEST: _best}


def _compared(trial: Trial, lived: Mapping[str, list[list[Takings]]]) -> Tried:
    """The figures of every way, and the paired differences."""
    cost = trial.cost * _FEN
    nets = {name: [sum(day.margin - day.contacts * cost for day in days) / _FEN for days in books] for name, books in lived.items()}
    ways = []
    for name, books in lived.items():
        per_world = [[sum(figures) / _FEN for figures in zip(*days, strict=True)] for days in books]
        sales, margin, contacts, put_off = (fmean(column) for column in zip(*per_world, strict=True))
        gain = paired(nets[name], nets[NOTHING])
        ways.append(
            Way(name, sales, margin, contacts * cost, contacts * _FEN, put_off * _FEN, gain, _curve(books, lived[NOTHING], cost=cost))
        )
    against = {name: paired(nets["list"], nets[name]) for name in lived if name != "list"} if "list" in lived else {}
    return Tried(trial, tuple(ways), against)


def _curve(ours: list[list[Takings]], nothing: list[list[Takings]], *, cost: float) -> tuple[float, ...]:
    """The mean gain up to each day, in yuan."""
    daily = [
        fmean(mine[day].margin - mine[day].contacts * cost - theirs[day].margin for mine, theirs in zip(ours, nothing, strict=True)) / _FEN
        for day in range(len(ours[0]))
    ]
    return tuple(float(total) for total in np.cumsum(daily))


def _refuse(trial: Trial) -> None:
    for name in trial.strategies:
        one_of(STRATEGIES, name, what=Say("没有这种做法。", "There is no such strategy."))
    limits = {"--days": (trial.days, 400), "--seeds": (trial.seeds, 100), "--customers": (trial.customers, 100_000)}
    limits |= {"--capacity": (trial.capacity, trial.customers)}
    for name, (value, most) in limits.items():
        if not 1 <= value <= most:
            raise UsageError(
                Say("这样没法试。", "This makes no trial."),
                got=f"{name} {value}",
                fix=Say(f"{name} 写 1 到 {most} 之间的数。", f"Give {name} a number from 1 to {most}."),
            )
