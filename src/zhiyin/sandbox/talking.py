"""Who says something today, where, about what, and in what mood? The words come from `texts`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zhiyin.sandbox.chance import Ids
from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.happened import OUTCOMES, TALKS, Rows, Verdict, joined, kept, sized
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.shopping import seconds
from zhiyin.sandbox.texts.personas import PERSONAS

__all__ = ["of_calls", "of_firms", "of_lives", "of_served", "of_visits"]

_ASKS = 0.03  # of the visits without an order
_COMPLAINS, _ANGRY_COMPLAINS = 0.35, 0.8  # of what was late or faulty
_ASKS_AFTER = 0.04  # of the orders that came well
_REVIEWS, _BAD_REVIEWS = 0.1, 0.3
_TELLS = 0.6  # of those whose life changed
_RECORDED = 0.1  # of the answered calls of reps
_WRITES = 0.2  # of the orders of firms
_WHERE = (60, 20, 20)  # complaints by chat, call, mail
_HESITANT, _ANGRY = PERSONAS.index("hesitant"), PERSONAS.index("angry")


def of_visits(ground: Ground, visits: Rows, *, bought: Ids, day: int) -> Rows:
    """Visitors who ask something and buy nothing; who hesitates asks twice as often."""
    who, first = np.unique(visits["person"], return_index=True)
    share = np.where(ground.people.persona[who] == _HESITANT, 2 * _ASKS, _ASKS)
    asks = ground.chance.happens("asks", who, share=share, day=day) & ~np.isin(who, bought)
    seen = kept({name: visits[name][first] for name in ("product", "second")}, asks)
    seen["product"] = np.where(seen["product"] < 0, 0, seen["product"])
    return _talks(ground, "chat_presale", who[asks], product=seen["product"], second=np.minimum(seen["second"] + 60, 86_000))


def of_served(ground: Ground, orders: Rows, *, verdict: Verdict, day: int) -> Rows:
    """Complaints, questions and reviews about what came: one customer speaks of one thing, the worst."""
    chance = ground.chance
    worst = np.argsort(-(verdict.late + 2 * verdict.faulty), kind="stable")
    worst = worst[np.unique(orders["person"][worst], return_index=True)[1]]
    late, faulty = verdict.late[worst], verdict.faulty[worst]
    who, product, system = (orders[name][worst] for name in ("person", "product", "system"))
    bad = late | faulty
    share = np.where(ground.people.persona[who] == _ANGRY, _ANGRY_COMPLAINS, _COMPLAINS)
    complains = bad & chance.happens("complains", who, share=share, day=day)
    where = chance.pick("complains where", who, weights=_WHERE, day=day)
    second = seconds(chance, who, of="complains", day=day)
    about = {"product": product, "second": second, "stars": np.where(faulty, 1, 2), "mood": -1}
    ways = enumerate(("chat_complaint", "call_complaint", "mail_complaint"))
    parts = [_some(ground, kind, who, complains & (where == place), about) for place, kind in ways]
    asks = ~bad & chance.happens("asks after", who, share=_ASKS_AFTER, day=day)
    parts.append(_some(ground, "chat_aftersale", who, asks, {"product": product, "second": second, "mood": 1}))
    online = system != SYSTEMS.index("pos")
    writes = online & chance.happens("reviews", who, share=np.where(bad, _BAD_REVIEWS, _REVIEWS), day=day)
    luck = chance.share("stars", who, day=day)
    stars = np.where(faulty, 1 + (luck > 0.6), np.where(late, 2 + (luck > 0.5), np.where(luck < 0.7, 5, np.where(luck < 0.93, 4, 3))))
    mood = np.sign(stars - 3)
    parts.append(_some(ground, "review", who, writes, {"product": product, "second": second, "stars": stars, "mood": mood}))
    return joined("talks", parts)


def of_lives(ground: Ground, shifts: Rows, *, day: int) -> Rows:
    """People who tell that something changed; `stars` is the place of the event in the scenario."""
    who = shifts["person"]
    tells = ground.chance.happens("tells", who, share=_TELLS, day=day)
    product = ground.wares.taken(shifts["after"], purse=ground.people.purse[who], mood=ground.chance.share("tells of", who, day=day))
    second = seconds(ground.chance, who, of="tells", day=day)
    return _some(ground, "chat_life", who, tells, {"product": product, "second": second, "stars": shifts["life"]})


def of_calls(ground: Ground, contacts: Rows, *, day: int) -> Rows:
    """The calls of reps that were recorded: one in ten of those that somebody answered."""
    who = contacts["person"]
    recorded = (contacts["outcome"] != OUTCOMES.index("unreachable")) & ground.chance.happens("recorded", who, share=_RECORDED, day=day)
    product = ground.wares.taken(
        ground.lives.need[who], purse=ground.people.purse[who], mood=ground.chance.share("called about", who, day=day)
    )
    kind = "call_renewal" if ground.scenario.subscription else "call_sales"
    mood = np.where(contacts["outcome"] == OUTCOMES.index("refused_contact"), -1, np.where(contacts["outcome"] == 0, 1, 0))
    about = {"product": product, "second": contacts["second"], "mood": mood, "outcome": contacts["outcome"]}
    return _some(ground, kind, who, recorded, about)


def of_firms(ground: Ground, orders: Rows, *, day: int) -> Rows:
    """Mails of firms about what they order."""
    who = orders["person"]
    writes = ground.people.firm[who] & (orders["line"] == 0) & ground.chance.happens("writes", who, share=_WRITES, day=day)
    quotes = ground.chance.happens("quotes", who, share=0.5, day=day)
    about = {"product": orders["product"], "second": np.maximum(orders["second"] - 600, 0)}
    return joined(
        "talks", [_some(ground, "mail_quote", who, writes & quotes, about), _some(ground, "mail_order", who, writes & ~quotes, about)]
    )


def _some(ground: Ground, kind: str, who: Ids, mask: np.ndarray, about: Mapping[str, object]) -> Rows:
    chosen = {name: np.broadcast_to(np.asarray(column), len(who))[mask] for name, column in about.items()}
    return _talks(ground, kind, who[mask], **chosen)


def _talks(ground: Ground, kind: str, who: Ids, **about: np.ndarray) -> Rows:
    rep = ground.people.rep[who]
    return sized("talks", len(who), person=who, talk=TALKS.index(kind), category=ground.lives.need[who], rep=rep, **about)
