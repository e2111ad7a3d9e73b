"""Who are the customers of this company, and what are they like?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiyin.sandbox.chance import Chance, Floats, Ids
from zhiyin.sandbox.places import CITIES
from zhiyin.sandbox.scenario import SYSTEMS, Scenario
from zhiyin.sandbox.texts.personas import PERSONAS

__all__ = ["HABITS", "People", "populate", "team_of"]

Flags = npt.NDArray[np.bool_]

HABITS = ("heavy", "medium", "light")
EXISTING = 70  # percent of the people who are customers on the first day; the others come by and by
IN_CRM = 75  # percent of the persons whom somebody entered into the CRM; firms are always there
_SETTLED = 0.85  # of the customers of the first day: have what lasts, and need what it uses up
_REGULAR = 0.8  # of the customers like something that is used up
PUT_OFF = 8  # percent whom a contact drives away
_EACH_REP = 250  # customers of one rep
_TEAM = 4  # reps of one team
_WOMEN = 54  # percent of the persons
# Of ten thousand persons below the age of 62, in the order of PERSONAS; older ones speak like older ones.
_PERSONA_WEIGHTS = (2000, 1600, 1500, 700, 1500, 0, 1200, 1500)
# What one contact adds to the urge to buy while it is remembered, persona by persona: 1 doubles it.
_LIFT = (1.2, 1.4, 3.2, -0.3, 0.2, 1.8, 1.5, 0.9)
_LIFT_SPREAD = 0.5
_AGES = ((1944, 1961, 12), (1962, 1974, 22), (1975, 1985, 28), (1986, 1996, 26), (1997, 2006, 12))  # born from, to, weight


@dataclass(frozen=True)
class People:
    """The customers, one place each; who is not there yet on the first day comes in the order of the places.

    `system` and `other` are places in SYSTEMS (`other` -1: none), `persona` one in PERSONAS, `city` one in CITIES, `need` and `taste`
    places among the categories, `purse` the share of people with less to spend, `pace` days between two needs, `lift` what a contact
    adds to the urge to buy (1 doubles it), `put_off` whom it drives away, `family` the person whose phone is given in a shop, -1: none.
    """

    chance: Chance
    existing: int
    firm: Flags
    woman: Flags
    born: Ids
    persona: Ids
    city: Ids
    system: Ids
    other: Ids
    pace: Floats
    purse: Floats
    need: Ids
    taste: Ids
    lift: Floats
    put_off: Flags
    in_crm: Flags
    rep: Ids
    family: Ids

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.firm)

    @property
    def reps(self) -> int:
        """How many reps look after them."""
        return int(self.rep.max()) + 1

    def habit(self, pace: tuple[int, int, int]) -> Ids:
        """Place in HABITS: who buys at a fast, a usual or a slow pace, cut halfway between the paces of the scenario."""
        fast, usual, slow = pace
        return (self.pace > (fast + usual) / 2).astype(np.int64) + (self.pace > (usual + slow) / 2)


def team_of(rep: Ids) -> Ids:
    """The team of each rep."""
    return rep // _TEAM


def populate(scenario: Scenario, chance: Chance, *, n: int) -> People:
    """Draw `n` customers of a scenario."""
    ids = np.arange(n, dtype=np.int64)
    firm = chance.happens("firm", ids, share=scenario.firms / 100)
    born = _born(ids, chance)
    persona = np.where((born <= _AGES[0][1]) & ~firm, PERSONAS.index("elderly"), chance.pick("persona", ids, weights=_PERSONA_WEIGHTS))
    existing = max(1, n * EXISTING // 100)
    settled = (ids < existing) & chance.happens("settled", ids, share=_SETTLED)
    need = np.where(
        settled, _supply("needs", ids, scenario=scenario, chance=chance), chance.below("need", ids, most=len(scenario.categories))
    )
    regular = chance.happens("regular taste", ids, share=_REGULAR)
    taste = np.where(
        regular, _supply("likes", ids, scenario=scenario, chance=chance), chance.below("taste", ids, most=len(scenario.categories))
    )
    system = chance.pick("system", ids, weights=scenario.shares)
    lift = np.array(_LIFT, dtype=np.float32)[persona] + np.float32(_LIFT_SPREAD) * chance.bell("lift", ids)
    put_off = chance.happens("put off", ids, share=PUT_OFF / 100)
    price = PERSONAS.index("price")
    purse = chance.share("purse", ids)
    return People(
        chance=chance,
        existing=existing,
        firm=firm,
        woman=chance.happens("woman", ids, share=_WOMEN / 100) & ~firm,
        born=born,
        persona=persona,
        city=chance.pick("city", ids, weights=tuple(city.weight for city in CITIES)),
        system=system,
        other=_other(ids, system, scenario, chance),
        pace=_pace(scenario, chance.share("pace", ids)),
        purse=np.where(persona == price, purse * np.float32(0.7), purse),
        need=need,
        taste=taste,
        lift=np.where(put_off, np.float32(-0.7), np.maximum(lift, np.float32(-0.5))).astype(np.float32),
        put_off=put_off,
        in_crm=firm | (system == SYSTEMS.index("crm")) | chance.happens("crm", ids, share=IN_CRM / 100),
        rep=chance.below("rep", ids, most=max(2, n // _EACH_REP)),
        family=_family(ids, firm, chance),
    )


def _supply(name: str, ids: Ids, *, scenario: Scenario, chance: Chance) -> Ids:
    """A category of what is used up and bought again; any category where nothing is."""
    again = [place for place, name in enumerate(scenario.categories) if any(good.every for good in scenario.goods if good.category == name)]
    pool = np.array(again or range(len(scenario.categories)), dtype=np.int64)
    found: Ids = pool[chance.below(name, ids, most=len(pool))]
    return found


def _born(ids: Ids, chance: Chance) -> Ids:
    which = chance.pick("age", ids, weights=tuple(weight for _, _, weight in _AGES))
    first, last = (np.array([age[place] for age in _AGES], dtype=np.int64) for place in (0, 1))
    years = chance.below("year", ids, most=1000) * (last - first + 1)[which] // 1000
    found: Ids = first[which] + years
    return found


def _pace(scenario: Scenario, share: Floats) -> Floats:
    """Days between two needs: straight lines through the paces of the fastest, typical and slowest customers."""
    fast, usual, slow = scenario.pace
    ends = np.array([0.0, 0.1, 0.5, 0.9, 1.0], dtype=np.float32)
    days = np.array([fast * 0.7, fast, usual, slow, slow * 1.5], dtype=np.float32)
    place = np.searchsorted(ends[1:-1], share, side="right")
    slope = ((days[1:] - days[:-1]) / (ends[1:] - ends[:-1])).astype(np.float32)
    found: Floats = days[place] + (share - ends[place]) * slope[place]
    return found


def _other(ids: Ids, system: Ids, scenario: Scenario, chance: Chance) -> Ids:
    """A second system that three of ten customers use as well."""
    second = chance.pick("second system", ids, weights=scenario.shares)
    uses = chance.happens("uses two", ids, share=0.3) & (second != system)
    return np.where(uses, second, -1)


def _family(ids: Ids, firm: Flags, chance: Chance) -> Ids:
    """Four of a hundred persons give the phone of a family member, who is the next in the list."""
    shares = chance.happens("family", ids, share=0.04) & ~firm & (ids > 0)
    return np.where(shares & ~firm[np.maximum(ids - 1, 0)], ids - 1, -1)
