"""Where do suddenly many more people want something than usual?

People are counted, not orders: one who orders six times, a thief or a wholesaler, is no rush. What is expected of a channel and a category
is its level of the last eight weeks, times the weekday, times what the day does to everything else in the channel: a holiday, a pay-day or
a festival raises all categories and is no alert; the weekly peak is expected. A rush is a count, over the last one to four days, that the
negative binomial gives a smaller chance than a setting allows for false alerts a month, and at least twice what is expected: a trend that
grows by a percent a day never is. Each rush is one alert, however long it goes on.

The negative binomial has the mean e, and the variance f e + e^2 / a: f is how much more than Poisson the days of the channel vary, a how
many people the level rests on.

References:
    Noufaily et al.: An improved algorithm for outbreak detection in multiple surveillance systems. Statistics in Medicine 32 (2013).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["LEAST_DAYS", "WINDOWS", "Alarm", "Level", "Spike", "levels", "spikes"]

WINDOWS = (1, 2, 3, 4)  # days that are looked at together
LEAST_DAYS = 14  # of history, before anything is usual
_LEVEL_DAYS = 56  # eight weeks: each weekday eight times
_CALM_DAYS = 7  # after so many days without a surge, the next one is a new alert
_TODAY = 0.01  # chance from which a day is unusual by itself: a rush that is over goes on in no window
_PRIOR = 0.5  # people that the level of what was never wanted rests on
_OTHERS = 5.0  # people whom the others of a channel must be, to say half of what the day is like
_WEEKS = 2.0  # weeks of even weekdays that the weekday is drawn to
_TRIM = 9.0  # squared deviations beyond three are surges, not dispersion
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Alarm:
    """When to raise an alert: false ones a month over all series (no more than about so many), times the usual, and people at least."""

    false_a_month: float = 0.1
    least_times: float = 2.0
    least_people: int = 5


@dataclass(frozen=True)
class Spike:
    """One rush: in which channel, on which category (empty: on all), counted in what; first and last day, and the day it was noticed.

    `people` came from the first day to the day it was noticed, where `expected` were; `chance` is that of so many if nothing is unusual.
    """

    place: str
    category: str
    measure: str
    starts_on: date
    noticed_on: date
    ends_on: date
    people: int
    expected: float
    chance: float


@dataclass(frozen=True)
class Level:
    """What is expected of a series on a day: people, how much more than Poisson they vary, and how many the level rests on."""

    place: str
    category: str
    measure: str
    expected: float
    spread: float
    basis_people: float

    def chance(self, people: int) -> float:
        """The chance of so many people, or more."""
        return float(_tail(np.array([people]), np.array([self.expected]), np.array([self.spread]), np.array([self.basis_people]))[0])


def spikes(counts: pd.DataFrame, alarm: Alarm, *, upto: date) -> list[Spike]:
    """Every rush there was, one alert each, as it would have been noticed at the end of each day.

    Args:
        counts: `place` (channel), `category`, `measure` (orders: of `order_line`, interest: of `event`), `on`, `people`: a row for each
            day on which anybody came.
        alarm: when to raise one.
        upto: the last day that is known whole.

    Returns:
        In the order in which they were noticed.
    """
    grids = list(_grids(counts, upto))
    series = max(sum(len(grid.names) + 1 for grid in grids), 1)
    chance = alarm.false_a_month / (30 * series * len(WINDOWS))
    found = [spike for grid in grids for spike in _scan(grid, alarm, chance)]
    return sorted(_one_each(found), key=lambda spike: (spike.noticed_on, spike.place, spike.category, spike.measure))


def levels(counts: pd.DataFrame, *, at: date) -> list[Level]:
    """What is expected on the day `at`, from the days before, for the table `demand_level`.

    The counts of the day itself are held against it while the day goes on.
    """
    found = []
    for grid in _grids(counts, at):
        day = len(grid.days) - 1
        if day < LEAST_DAYS:
            continue
        expected, basis_people = grid.level(day, np.zeros(grid.counts.shape, dtype=bool))
        expected = expected * grid.weekdays(day)
        spread = grid.spread(day, expected)
        found += [
            Level(grid.place, name, grid.measure, float(mean), spread, float(weight))
            for name, mean, weight in zip(grid.names, expected, basis_people, strict=True)
        ]
    return found


@dataclass
class _Grid:
    """People of one channel and measure: a row a category, a column a day."""

    place: str
    measure: str
    names: list[str]
    days: pd.DatetimeIndex
    counts: Floats
    squares: list[Floats] = field(default_factory=list)  # of what has deviated so far, in units of the Poisson deviation

    def weekdays(self, day: int) -> float:
        """How the weekday of a day compares with the others, by all categories of the eight weeks before, drawn to 1."""
        days = np.arange(max(day - _LEVEL_DAYS, 0), day)
        totals = self.counts[:, days].sum(axis=0)
        same = (day - days) % 7 == 0
        mean = totals.mean() if len(days) else 0.0
        return float((totals[same].sum() + _WEEKS * mean) / ((same.sum() + _WEEKS) * mean)) if mean else 1.0

    def level(self, day: int, surged: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """People a day and category, before the days that may be looked at together, surges left out; and people that it rests on."""
        span = slice(max(day - _LEVEL_DAYS - len(WINDOWS) + 1, 0), max(day - len(WINDOWS) + 1, 1))
        calm = ~surged[:, span]
        people = (self.counts[:, span] * calm).sum(axis=1) + _PRIOR
        return people / np.maximum(calm.sum(axis=1), 1), people

    def spread(self, day: int, expected: Floats) -> float:
        """How much more than Poisson the days vary; notes those of `day` for the days after."""
        past = self.squares[-_LEVEL_DAYS:]
        self.squares.append(np.minimum((self.counts[:, day] - expected) ** 2 / expected, _TRIM))
        return max(float(np.mean(past)), 1.0) if past else 1.0


def _grids(counts: pd.DataFrame, upto: date) -> Iterator[_Grid]:
    if counts.empty:
        return
    told = counts.assign(on=pd.to_datetime(counts["on"]))
    told = told[told["on"] <= pd.Timestamp(upto)]
    for (measure, place), own in told.groupby(["measure", "place"], sort=True):
        days = pd.date_range(own["on"].min(), pd.Timestamp(upto))
        wide = own.pivot_table(index="category", columns="on", values="people", aggfunc="sum", fill_value=0.0)
        wide = wide.reindex(columns=days, fill_value=0.0).sort_index()
        yield _Grid(str(place), str(measure), [str(name) for name in wide.index], days, wide.to_numpy("float64"))


def _scan(grid: _Grid, alarm: Alarm, chance: float) -> Iterator[Spike]:
    """Day by day through the categories of one channel."""
    shape = grid.counts.shape
    surged, usual, loose = np.zeros(shape, dtype=bool), np.zeros(shape), np.ones(shape[1])
    open_: dict[int, Spike] = {}
    for day in range(LEAST_DAYS, shape[1]):
        level, basis_people = grid.level(day, surged)
        usual[:, day] = level * grid.weekdays(day)
        loose[day] = grid.spread(day, usual[:, day])
        usual[:, day] *= _day_of_others(grid.counts[:, day], usual[:, day], calm=~surged[:, max(day - 1, 0)])
        first, seen, meant, tails = _windows(grid.counts, usual, day=day, spread=loose[day], basis_people=basis_people)
        hot = (tails < chance) & (seen >= alarm.least_times * meant) & (seen >= alarm.least_people)
        hot &= _tail(grid.counts[:, day], usual[:, day], np.full(shape[0], loose[day]), basis_people) < _TODAY
        for row in map(int, np.flatnonzero(hot)):
            surged[row, first[row] : day + 1] = True
            on = grid.days[day].date()
            if row in open_ and (on - open_[row].ends_on).days <= _CALM_DAYS:
                open_[row] = Spike(**(vars(open_[row]) | {"ends_on": on}))
                continue
            if row in open_:
                yield open_[row]
            begun = grid.days[first[row]].date()
            told = (int(seen[row]), float(meant[row]), float(tails[row]))
            open_[row] = Spike(grid.place, grid.names[row], grid.measure, begun, on, on, *told)
    yield from open_.values()


def _day_of_others(counts: Floats, expected: Floats, *, calm: npt.NDArray[np.bool_]) -> Floats:
    """What the day does to the other categories of the channel: 1 or more."""
    came, meant = counts * calm, expected * calm
    others = (came.sum() - came + _OTHERS) / (meant.sum() - meant + _OTHERS)
    return np.maximum(np.asarray(others, dtype=np.float64), 1.0)


def _windows(
    counts: Floats, usual: Floats, *, day: int, spread: float, basis_people: Floats
) -> tuple[npt.NDArray[np.int64], Floats, Floats, Floats]:
    """Of the windows that end on a day the most surprising one of each row: its first day, people, people expected, chance."""
    rows = len(counts)
    first, seen = np.full(rows, day), counts[:, day].copy()
    meant, tails = usual[:, day].copy(), np.full(rows, 2.0)
    for days in WINDOWS:
        start = day - days + 1
        if start < LEAST_DAYS:
            break
        people, expected = counts[:, start : day + 1].sum(axis=1), usual[:, start : day + 1].sum(axis=1)
        found = _tail(people, expected, np.full(rows, spread), basis_people)
        better = found < tails
        first[better], seen[better], meant[better], tails[better] = start, people[better], expected[better], found[better]
    return first, seen, meant, tails


def _tail(people: Floats, expected: Floats, spread: Floats, basis_people: Floats) -> Floats:
    """The chance of so many people or more, by the negative binomial of the module."""
    from scipy.stats import nbinom

    variance = spread * expected + expected**2 / basis_people
    size = expected**2 / np.maximum(variance - expected, 1e-9)
    return np.asarray(nbinom.sf(people - 1, size, size / (size + expected)), dtype=np.float64)


def _one_each(found: list[Spike]) -> Iterator[Spike]:
    """One alert for one rush, however it was counted: of those that overlap, the one that was noticed first."""
    kept: dict[tuple[str, str], list[Spike]] = {}
    for spike in sorted(found, key=lambda one: (one.noticed_on, one.chance)):
        others = kept.setdefault((spike.place, spike.category), [])
        again = [
            one
            for one in others
            if abs((spike.noticed_on - one.ends_on).days) <= _CALM_DAYS or one.starts_on <= spike.noticed_on <= one.ends_on
        ]
        if not again:
            others.append(spike)
    for others in kept.values():
        yield from others
