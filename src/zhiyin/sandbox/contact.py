"""What does a contact do: who answers, who is moved, won back or put off, who was invited, and what do they say?"""

from __future__ import annotations

from datetime import date

import numpy as np

from zhiyin.sandbox.chance import Ids
from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.happened import OUTCOMES, Rows, none, sized
from zhiyin.sandbox.lives import CAUSES, NEVER
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.urge import ANSWERS, BOOST_DAYS, REFUSES, RESCUED, UPSET

__all__ = ["CAMPAIGN_DAYS", "CONTACTS_A_REP", "campaign_of", "contacted", "habit", "invited"]

CONTACTS_A_REP = 5  # a day, of a team without a list
CAMPAIGN_DAYS = 10
_STARTS = 8  # day of the month
HELD_BACK = 0.1  # of those who were chosen for a campaign: held back at random
_ANSWERED, _NO_NEED, _UNREACHABLE, _REFUSED = range(len(OUTCOMES))
_OFFICE = 9 * 3600 + 1800  # reps call from half past nine on
_QUIET_DAYS = 14  # a team without a list does not call again so soon


def habit(ground: Ground, *, day: int) -> Ids:
    """Whom a team without a list calls today: as chance has it, but nobody it has just called, nobody who asked not to be."""
    people, lives = ground.people, ground.lives
    who = np.arange(lives.arrived, dtype=np.int64)
    free = people.in_crm[who] & ~lives.refuses[who] & (day - lives.contacted[who] > _QUIET_DAYS)
    most = CONTACTS_A_REP * people.reps
    open_ = who[free]
    drawn = ground.chance.words("habit", open_, day=day)
    if len(open_) <= most:
        return open_
    chosen = open_[np.argpartition(drawn, most)[:most]]
    return np.sort(chosen)


def contacted(ground: Ground, who: Ids, *, day: int) -> Rows:
    """Contact these customers (each once) and change what they feel."""
    if not len(who):
        return none("contacts")
    chance, people, lives = ground.chance, ground.people, ground.lives
    gone = lives.left[who] <= day
    answers = chance.happens("answers", who, share=ANSWERS[people.persona[who]], day=day) & ~gone
    angry = answers & (lives.refuses[who] | (people.put_off[who] & chance.happens("refuses", who, share=REFUSES, day=day)))
    moved = who[answers & ~angry]
    boost = ground.urge.lifted(moved, lives, day=day)
    lives.boost[moved], lives.boost_until[moved] = boost, day + BOOST_DAYS
    lives.tired[who[answers]] += 1
    lives.contacted[who] = day
    lives.refuses[who[angry]] = True
    lives.boost[who[angry]], lives.boost_until[who[angry]] = -0.7, day + BOOST_DAYS
    upset = who[answers & people.put_off[who]]
    lives.mood[upset] = np.maximum(lives.mood[upset] - UPSET, 0)
    lives.hurt[upset] = CAUSES.index("too_many_contacts")
    _win_back(ground, moved, day=day)
    needs = (day - lives.last_order[who]) / people.pace[who] > 0.7
    listens = chance.share("listens", who, day=day) < np.where(needs & (people.lift[who] > 0), 0.75, 0.3)
    outcome = np.where(~answers, _UNREACHABLE, np.where(angry, _REFUSED, np.where(listens, _ANSWERED, _NO_NEED)))
    second = _OFFICE + chance.below("call second", who, most=8 * 3600, day=day)
    return sized("contacts", len(who), person=who, rep=people.rep[who], second=second, outcome=outcome)


def _win_back(ground: Ground, moved: Ids, *, day: int) -> None:
    """Some of those who are turning away stay when somebody asks."""
    lives = ground.lives
    turning = moved[(lives.fading[moved] <= day) & ~ground.people.put_off[moved]]
    stay = turning[ground.chance.happens("won back", turning, share=RESCUED, day=day)]
    lives.fading[stay] = lives.left[stay] = NEVER
    lives.cause[stay] = lives.hurt[stay] = 0
    lives.mood[stay] = np.maximum(lives.mood[stay], np.float32(0.65))


def campaign_of(on: date) -> int:
    """Number of the campaign that begins on this day (months since year 0), -1 for none."""
    return on.year * 12 + on.month - 1 if on.day == _STARTS else -1


def invited(ground: Ground, campaign: int, *, day: int) -> Rows:
    """Choose members of the mall to invite with a known probability, hold back a tenth of them at random, and invite the others."""
    chance, people, lives = ground.chance, ground.people, ground.lives
    who = np.arange(lives.arrived, dtype=np.int64)
    mall = SYSTEMS.index("mall")
    member = (people.system[who] == mall) | (people.other[who] == mall)
    who = who[member & (lives.left[who] > day) & ~lives.refuses[who]]
    phase = (day - lives.last_order[who]) / people.pace[who]
    propensity = np.where(phase < 0.5, 25, np.where(phase < 2, 55, 40))  # percent; the shop likes those who are due
    chosen = chance.below("invited", who, most=100, day=day) < propensity
    who, propensity = who[chosen], propensity[chosen]
    held = chance.happens("held back", who, share=HELD_BACK, day=day)
    goes = who[~held]
    lives.invited_until[goes], lives.invited_by[goes] = day + CAMPAIGN_DAYS - 1, campaign
    second = 10 * 3600 + chance.below("invited second", who, most=1800, day=day)
    return sized("invitations", len(who), person=who, campaign=campaign, held=held, propensity=propensity, second=second)
