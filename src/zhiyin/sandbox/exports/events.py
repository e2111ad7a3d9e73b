"""Page and app events, a JSON object a line."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhiyin.sandbox.exports.office import Office
from zhiyin.sandbox.exports.part import Part, lines, picked, plain, times, worded
from zhiyin.sandbox.happened import EVENTS, Day
from zhiyin.sandbox.shopping import NUMBERS

__all__ = ["events"]

_LINE = (
    '{"event_id":"ev<number>","event":"<event>","distinct_id":"<who>","time":"<at>","properties":{"product_id":"<code>","category":"<category>",'
    '"platform":"<platform>","is_first_day":<first>}}'
)
_BRANCH = 10_000  # days of one branch
_PLATFORMS = ("微信小程序", "iOS", "Android", "H5")


def events(office: Office, day: Day) -> Part:
    """What visitors did on one day."""
    rows = day.rows("visits")
    goods = office.ground.scenario.goods
    who = rows["person"]
    told = {
        "number": plain((office.ground.branch * _BRANCH + day.number) * NUMBERS + np.arange(len(who), dtype=np.int64)),
        "event": picked(EVENTS, rows["event"]),
        "who": picked(office.written.key("mall"), who),
        "at": times(day.on, rows["second"]),
        "code": picked([good.product_id for good in goods], rows["product"]),
        "category": picked([good.category for good in goods], rows["product"]),
        "platform": picked(_PLATFORMS, who % len(_PLATFORMS)),
        "first": picked(["false", "true"], np.isin(who, day.arrived).astype(np.int64)),
    }
    return lines(f"埋点_{day.month}.jsonl", worded(_LINE, **told) if len(who) else pa.array([], pa.string()))
