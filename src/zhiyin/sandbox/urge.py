"""How strongly does each customer want to buy today, and what would a contact change?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zhiyin.sandbox.chance import Floats, Ids
from zhiyin.sandbox.lives import NEVER, Lives
from zhiyin.sandbox.people import People
from zhiyin.sandbox.scenario import Scenario
from zhiyin.sandbox.texts.personas import PERSONAS

__all__ = ["AHEAD_DAYS", "ANSWERS", "BOOST_DAYS", "FADING_DAYS", "REFUSES", "RESCUED", "UPSET", "Urge"]

AHEAD_DAYS = 28  # how far the effect of a contact is looked at
BOOST_DAYS = 14  # a contact is remembered so long, less each day
FADING_DAYS = 21  # days between turning away and being gone
RESCUED = 0.3  # of those who turn away and answer a contact
REFUSES = 0.5  # of those whom a contact drives away and who answer: ask never to be contacted again
TIRED = 2.5  # from so many felt contacts on, one more adds next to nothing
# Who answers a contact, in the order of PERSONAS.
ANSWERS = np.array([0.7, 0.7, 0.7, 0.65, 0.45, 0.8, 0.75, 0.7], dtype=np.float32)
UPSET = np.float32(0.2)  # of the mood of those whom a contact drives away
_MOST = np.float32(0.6)  # nobody is sure to buy on a given day
_STEPS = 16  # of the curve, for each usual time between two needs
# The urge between two needs, for a customer whose needs return like a clock, at 0, 1/2, 3/4, 1, 5/4, 2, 3 and 4 usual times.
_CLOCK = ((0, 2), (8, 5), (12, 40), (16, 260), (20, 300), (32, 190), (48, 90), (64, 60))
_FADING = np.float32(0.35)


def _curve(regular: int) -> Floats:
    """Percent of the mean urge by sixteenths of the usual time since the last order."""
    places, heights = zip(*_CLOCK, strict=True)
    clock = np.interp(np.arange(4 * _STEPS + 1), places, heights)
    return np.array([round(100 - regular + regular * height / 100) / 100 for height in clock], dtype=np.float32)


def _gladly(mood: Floats) -> Floats:
    """How much more or less is bought in this mood."""
    return np.float32(0.4) + np.float32(0.8) * mood


class Urge:
    """The probability to buy on a day, for everybody who has arrived.

    It rises with the time since the last order, and is moved by season and weather, mood, invitations, contacts, and by turning away.
    """

    def __init__(self, scenario: Scenario, people: People) -> None:
        self.people = people
        self.curve = _curve(scenario.regular)
        self.price = PERSONAS.index("price")

    def steady(self, lives: Lives, season: Floats, *, day: int) -> Floats:
        """What does not depend on the last order: pace, season of each customer's city and need, mood; 0 for who has left."""
        n = lives.arrived
        found = season * _gladly(lives.mood[:n])
        found /= self.people.pace[:n]
        found[lives.left[:n] <= day] = 0
        return found

    def plain(self, lives: Lives, season: Floats, *, day: int) -> Floats:
        """Without contacts and invitations."""
        found = self.steady(lives, season, day=day) * self._phase(lives, day)
        found[lives.fading[: lives.arrived] <= day] *= _FADING
        return found

    def moved(self, plain: Floats, lives: Lives, *, day: int) -> Floats:
        """With what contacts and invitations add."""
        n = lives.arrived
        left = lives.boost_until[:n] - day
        found = plain * (1 + lives.boost[:n] * (np.maximum(left, 0) * np.float32(1 / BOOST_DAYS)))
        invited = lives.invited_until[:n] >= day
        keen = self.people.persona[:n] == self.price
        found[invited] *= np.float32(1.5)
        found[invited & keen] *= np.float32(1.5)
        return np.minimum(found, _MOST)

    def lifted(self, who: Ids, lives: Lives, *, day: int) -> Floats:
        """What a contact adds to the urge of these customers: more for who needs something, little for who just bought or is tired of us."""
        people = self.people
        phase = (day - lives.last_order[who]) / people.pace[who]
        ready = np.where(phase < 0.5, np.float32(0.3), np.where(phase < 2.5, np.float32(1.4), np.float32(0.8)))
        fresh = np.where(lives.tired[who] > TIRED, np.float32(0.3), np.float32(1.0))
        lift = people.lift[who]
        found: Floats = np.where(lift > 0, lift * ready * fresh, lift).astype(np.float32)
        return found

    def effects(self, lives: Lives, season: Callable[[int], Floats], *, day: int) -> tuple[Floats, Floats]:
        """The probability to buy within `AHEAD_DAYS` for everybody who has arrived: without a contact today, and with one.

        `season` gives the factors of so many days ahead. Of customers who answer, those who turn away are won back with the probability
        `RESCUED`; campaigns that are still to come are not looked at.
        """
        n = lives.arrived
        who = np.arange(n, dtype=np.int64)
        answers = ANSWERS[self.people.persona[:n]]
        boost = self.lifted(who, lives, day=day)
        steady = self.steady(lives, np.ones(n, dtype=np.float32), day=day)
        mood = lives.mood[:n]
        upset = np.where(self.people.put_off[:n], steady * _gladly(np.maximum(mood - UPSET, 0)) / _gladly(mood), steady)
        turns = lives.fading[:n] - day
        stays = self._misses(lives, steady, season, day=day, boost=np.zeros_like(boost), turns=turns)
        spoken = self._misses(lives, upset, season, day=day, boost=boost, turns=turns)
        back = (turns <= 0) & ~self.people.put_off[:n]
        if back.any():
            saved = self._misses(lives, upset, season, day=day, boost=boost, turns=np.full(n, NEVER))
            spoken = np.where(back, np.float32(RESCUED) * saved + np.float32(1 - RESCUED) * spoken, spoken)
        with_contact = answers * spoken + (1 - answers) * stays
        return 1 - stays, 1 - with_contact

    def _misses(self, lives: Lives, steady: Floats, season: Callable[[int], Floats], *, day: int, boost: Floats, turns: Ids) -> Floats:
        """The probability not to buy in the days from today; `turns` is in how many days each customer turns away."""
        missed = np.ones_like(steady)
        for ahead in range(AHEAD_DAYS):
            urge = self._phase(lives, day + ahead) * steady * season(ahead)
            urge *= 1 + boost * np.float32(max(BOOST_DAYS - ahead, 0) / BOOST_DAYS)
            turned = turns <= ahead
            urge[turned] *= _FADING
            urge[turns + FADING_DAYS <= ahead] = 0
            missed *= 1 - np.minimum(urge, _MOST)
        return missed

    def _phase(self, lives: Lives, day: int) -> Floats:
        """Where each customer is between two needs, as a factor of the mean urge."""
        n = lives.arrived
        since = ((day - lives.last_order[:n]) * np.float32(_STEPS) / self.people.pace[:n]).astype(np.int64)
        found: Floats = self.curve[np.minimum(since, 4 * _STEPS)]
        return found
