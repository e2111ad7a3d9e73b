"""Weather and holidays, as bought from a data service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from zhiyin.sandbox.exports.part import Part, table
from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.holidays import day_kind
from zhiyin.sandbox.places import CITIES

__all__ = ["sky"]


def sky(ground: Ground, on: date) -> Iterator[Part]:
    """Weather and calendar of one day."""
    found = ground.seasons.weather(on)
    told = {
        "日期": [on.isoformat()] * len(CITIES),
        "城市": [city.name for city in CITIES],
        "天气": [one.words for one in found],
        "最高温": [str(one.high) for one in found],
        "最低温": [str(one.low) for one in found],
        "降水毫米": [str(one.rain_mm) for one in found],
    }
    yield table("天气.csv", {name: pa.array(column) for name, column in told.items()})
    kind = day_kind(on)
    calendar = {
        "日期": [on.isoformat()],
        "星期": ["一二三四五六日"[on.weekday()]],
        "是否休息": ["是" if kind.day_off else "否"],
        "节日": [kind.name],
        "调休上班": ["是" if kind.made_up else "否"],
    }
    yield table("节假日.csv", {name: pa.array(column) for name, column in calendar.items()})
