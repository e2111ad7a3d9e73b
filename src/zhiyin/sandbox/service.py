"""What comes after an order: is it late or faulty, what do customers make of it, and who turns away?"""

from __future__ import annotations

import numpy as np

from zhiyin.sandbox.chance import Ids
from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.happened import Rows, Verdict, kept, none, sized
from zhiyin.sandbox.lives import CAUSES, NEVER
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.shopping import NUMBERS, seconds
from zhiyin.sandbox.texts.personas import PERSONAS
from zhiyin.sandbox.urge import FADING_DAYS

__all__ = ["REFUND_DAYS", "SERVED_DAYS", "arrivals", "own", "refunds", "served", "shifts", "turn_away"]

SERVED_DAYS = 3  # from order to verdict
REFUND_DAYS = 4  # from verdict to refund
_LATE, _FAULTY = 0.03, 0.025
_BAD_WEEK, _LATE_THEN = 0.06, 0.3  # weeks of a city in which the carrier fails, and how many orders are late then
_SHIFTS = 0.0006  # of the customers, a day
# Leaving, a day: of everybody, more in a bad mood, more when contacted too often.
_LEAVES, _LEAVES_SAD, _LEAVES_ANGRY, _LEAVES_TIRED = 0.0004, 0.002, 0.008, 0.004
_SAD, _ANGRY_MOOD = 0.5, 0.35
_OTHER_CAUSES = (30, 30, 15, 25)  # price, competitor, moved away, no need


def arrivals(ground: Ground, *, day: int, happy: int) -> Ids:
    """Newcomers of today: a stream of their own, and one more for so many customers who were served well (word of mouth)."""
    people, lives = ground.people, ground.lives
    rest = people.n - people.existing
    lives.waiting += rest / 200 + happy / 400
    came = min(int(lives.waiting), people.n - lives.arrived)
    lives.waiting -= int(lives.waiting)
    who = np.arange(lives.arrived, lives.arrived + came, dtype=np.int64)
    lives.arrived += came
    lives.came[who] = day
    lives.last_order[who] = day - (people.pace[who] * np.float32(0.9)).astype(np.int64) - 1
    return who


def own(ground: Ground, rows: Rows, *, day: int) -> None:
    """Remember what was bought, that nothing is needed for a while, and that who has what lasts needs something else next."""
    chance, lives, wares = ground.chance, ground.lives, ground.wares
    first = rows["line"] == 0
    who = rows["person"][first]
    lives.last_order[who] = day
    lives.orders[who] += 1
    used_up = wares.every[rows["product"]] > 0
    lives.owned[rows["person"][used_up]] = rows["product"][used_up]
    lives.owned_on[rows["person"][used_up]] = day
    lasts = ~used_up
    np.bitwise_or.at(lives.has, rows["person"][lasts], 1 << wares.category[rows["product"][lasts]])
    done = who[(lives.has[who] >> lives.need[who]) & 1 == 1]
    pool = wares.supplies
    supply = wares.category[pool[chance.below("next need", done, most=len(pool), day=day)]]
    other = chance.below("other need", done, most=len(wares.takes), day=day)
    lives.need[done] = np.where(chance.happens("needs supplies", done, share=0.7, day=day), supply, other)


def served(ground: Ground, orders: Rows, *, day: int) -> Verdict:
    """Which lines of an earlier day arrived late, and which were faulty; customers feel it."""
    chance, people, lives = ground.chance, ground.people, ground.lives
    who = orders["person"]
    city = people.city[who]
    bad = chance.happens("bad week", city, share=_BAD_WEEK, day=day // 7)
    sent = orders["system"] != SYSTEMS.index("pos")
    late = sent & chance.happens("late", who, share=np.where(bad, np.float32(_LATE_THEN), np.float32(_LATE)), day=day)
    faulty = chance.happens("faulty", who + orders["line"] * people.n, share=_FAULTY, day=day)
    temper = np.where(people.persona[who] == PERSONAS.index("angry"), np.float32(0.4), np.float32(0.25))
    change = np.where(faulty, -np.float32(0.35), np.where(late, -temper, np.float32(0.03)))
    lives.mood[who] = np.clip(lives.mood[who] + change, 0, np.maximum(np.float32(0.85), lives.mood[who])).astype(np.float32)
    lives.hurt[who[late]] = CAUSES.index("late_delivery")
    lives.hurt[who[faulty]] = CAUSES.index("quality")
    return Verdict(late, faulty)


def refunds(ground: Ground, orders: Rows, *, faulty: np.ndarray, day: int) -> Rows:
    """Money given back: for half of what was faulty, and for one in a hundred other lines; in a shop at the till."""
    chance = ground.chance
    share = np.where(faulty, np.float32(0.5), np.float32(0.01))
    back = kept(orders, chance.happens("refund", orders["person"] + orders["line"] * ground.people.n, share=share, day=day))
    if not len(back["person"]):
        return none("refunds")
    second = seconds(chance, back["person"], of="refund", day=day, shop=True)
    number = day * NUMBERS + NUMBERS // 2 + np.arange(len(second), dtype=np.int64)
    told = {name: back[name] for name in ("person", "product", "quantity", "paid", "system", "shop", "line")}
    return sized("refunds", len(second), **told, second=second, number=number)


def shifts(ground: Ground, *, day: int) -> Rows:
    """Whose life changed today so that something else is needed."""
    chance, lives = ground.chance, ground.lives
    who = np.arange(lives.arrived, dtype=np.int64)
    who = who[chance.happens("shift", who, share=_SHIFTS, day=day)]
    who = who[lives.left[who] > day]
    life = chance.below("life", who, most=len(ground.scenario.life), day=day)
    category = np.array([ground.scenario.categories.index(event.category) for event in ground.scenario.life], dtype=np.int64)[life]
    rows = sized("shifts", len(who), person=who, before=lives.need[who], after=category, life=life)
    lives.need[who] = category
    due = day - (ground.people.pace[who] * np.float32(0.9)).astype(np.int64)
    lives.last_order[who] = np.minimum(lives.last_order[who], due)
    return kept(rows, rows["before"] != rows["after"])


def turn_away(ground: Ground, *, day: int) -> None:
    """Who has had enough today; what was felt of contacts fades, moods mend slowly."""
    chance, lives, n = ground.chance, ground.lives, ground.lives.arrived
    mood = lives.mood[:n]
    share = np.full(n, _LEAVES, dtype=np.float32)
    share[mood < _SAD] = _LEAVES_SAD
    share[mood < _ANGRY_MOOD] = _LEAVES_ANGRY
    share[lives.tired[:n] > 2.5] += np.float32(_LEAVES_TIRED)
    ids = np.arange(n, dtype=np.int64)
    who = ids[chance.happens("leaves", ids, share=share, day=day) & (lives.fading[:n] == NEVER)]
    sad = lives.mood[who] < _SAD
    other = CAUSES.index("price") + chance.pick("cause", who, weights=_OTHER_CAUSES, day=day)
    lives.cause[who] = np.where(sad & (lives.hurt[who] > 0), lives.hurt[who], other)
    lives.fading[who], lives.left[who] = day, day + FADING_DAYS
    lives.tired[:n] *= np.float32(0.95)
    lives.mood[:n] += (np.float32(0.7) - mood) * np.float32(0.01)
