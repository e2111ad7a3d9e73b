"""What a world stands on: who is there, what is for sale, what chance says, and what has become of everybody so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhiyin.sandbox.chance import Chance, Floats
from zhiyin.sandbox.lives import Lives, begun
from zhiyin.sandbox.people import People, populate
from zhiyin.sandbox.planted import Planted, Spike
from zhiyin.sandbox.scenario import Scenario
from zhiyin.sandbox.seasons import Seasons
from zhiyin.sandbox.urge import Urge
from zhiyin.sandbox.wares import Wares

__all__ = ["Ground", "laid"]

_BRANCH = 10_000_000  # numbers of one branch


@dataclass
class Ground:
    """All parts of a world; only `lives` and the shelf of `wares` change from day to day. No two branches have a number in common."""

    scenario: Scenario
    chance: Chance
    people: People
    lives: Lives
    wares: Wares
    seasons: Seasons
    planted: Planted
    urge: Urge
    branch: int = 0

    @property
    def first(self) -> int:
        """The number of the first customer of the branch in every system."""
        return self.branch * _BRANCH + 1

    def spike_now(self, day: int) -> Spike | None:
        """The run that is on today."""
        found = self.planted.spike(day)
        return found if found.first <= day <= found.last else None

    def season(self, on: date) -> Floats:
        """The factor of the day for everybody who has arrived, by city and by the department of what is needed."""
        n = self.lives.arrived
        factors = self.seasons.factors(on)
        found: Floats = factors[self.people.city[:n], self.wares.department[self.lives.need[:n]]]
        return found


def laid(scenario: Scenario, *, n: int, seed: int, branch: int = 0) -> Ground:
    """The ground of a new world."""
    chance = Chance(seed)
    people = populate(scenario, chance, n=n)
    wares, seasons = Wares(scenario, chance, orders=n / scenario.pace[1]), Seasons(scenario, chance)
    return Ground(scenario, chance, people, begun(people), wares, seasons, Planted(scenario, chance, n=n), Urge(scenario, people), branch)
