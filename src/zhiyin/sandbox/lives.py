"""What has become of each customer so far?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiyin.sandbox.chance import Floats, Ids
from zhiyin.sandbox.people import People

__all__ = ["CAUSES", "NEVER", "Lives", "begun"]

NEVER = 1 << 30  # a day that does not come
# Why a customer leaves, by place; the first says that nobody left.
CAUSES = ("", "late_delivery", "quality", "sold_out", "too_many_contacts", "price", "competitor", "moved_away", "no_need")


@dataclass
class Lives:
    """The state of all customers; days are counted from the first day of the world, NEVER where there is none.

    `arrived` people have come so far, newcomers on the day `came`. `mood` is 0 (furious) to 1; `boost` what the last contact adds to the urge to buy until `boost_until`;
    `tired` how many contacts are felt, a twentieth less each day; `hurt` a place in CAUSES; `fading` the day from which a customer
    turns away, `left` the day of leaving. `owned` is the last product bought that is used up; `has` has a bit for each category of which
    something that lasts was bought.
    """

    arrived: int
    came: Ids
    last_order: Ids
    orders: Ids
    mood: Floats
    boost: Floats
    boost_until: Ids
    contacted: Ids
    tired: Floats
    refuses: npt.NDArray[np.bool_]
    hurt: Ids
    fading: Ids
    left: Ids
    cause: Ids
    need: Ids
    owned: Ids
    owned_on: Ids
    has: Ids
    invited_until: Ids
    invited_by: Ids
    waiting: float = 0.0  # how much of the next newcomer is there already


def begun(people: People) -> Lives:
    """Everybody on the first day: existing customers somewhere between two needs, some quiet for long."""
    n, ids = people.n, np.arange(people.n, dtype=np.int64)
    phase = people.chance.share("phase", ids) * np.float32(1.6)

    def all_(value: int) -> Ids:
        return np.full(n, value, dtype=np.int64)

    return Lives(
        arrived=people.existing,
        came=all_(0),
        last_order=-(phase * people.pace).astype(np.int64) - 1,
        orders=all_(0),
        mood=np.float32(0.55) + np.float32(0.35) * people.chance.share("mood", ids),
        boost=np.zeros(n, dtype=np.float32),
        boost_until=all_(-1),
        contacted=all_(-NEVER),
        tired=np.zeros(n, dtype=np.float32),
        refuses=np.zeros(n, dtype=bool),
        hurt=all_(0),
        fading=all_(NEVER),
        left=all_(NEVER),
        cause=all_(0),
        need=people.need.copy(),
        owned=all_(-1),
        owned_on=all_(-NEVER),
        has=all_(0),
        invited_until=all_(-1),
        invited_by=all_(-1),
    )
