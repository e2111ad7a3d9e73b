"""How much more is wanted on this day: month, day of the week, holiday and weather."""

from __future__ import annotations

from datetime import date

import numpy as np

from zhiyin.sandbox.chance import Chance, Floats
from zhiyin.sandbox.holidays import day_kind
from zhiyin.sandbox.places import CITIES
from zhiyin.sandbox.scenario import Scenario
from zhiyin.sandbox.weather import Weather, weather

__all__ = ["HOT", "Seasons"]

HOT, COLD, WET = 33, 3, 5  # °C of the warmest and of the coldest hour, mm of rain


class Seasons:
    """What moves the demand of a scenario from day to day; nothing of it depends on what customers do."""

    def __init__(self, scenario: Scenario, chance: Chance) -> None:
        self.scenario = scenario
        self.chance = chance
        self.departments = tuple(dict.fromkeys(scenario.department_of.values()))
        moves = [scenario.moves[name] for name in self.departments]
        # month by month and department by department: percent of the month, of a hot day, of a cold one, of a wet one
        self._percents = np.array(
            [
                [[one.months[month] for one in moves], *([getattr(one, name) for one in moves] for name in ("hot", "cold", "rain"))]
                for month in range(12)
            ],
            dtype=np.int64,
        )

    def weather(self, on: date) -> list[Weather]:
        """The weather of each city."""
        return [weather(city.name, on, draw=self.chance.seed) for city in CITIES]

    def factors(self, on: date) -> Floats:
        """The factor of each city (row) and department (column): 1 is a usual day."""
        kind = day_kind(on)
        day = self.scenario.holiday if kind.name and kind.day_off else self.scenario.weekdays[on.weekday()]
        high, low, rain = np.array([(sky.high, sky.low, sky.rain_mm) for sky in self.weather(on)], dtype=np.int64).T[:, :, None]
        month, hot, cold, wet = self._percents[on.month - 1]
        percent = np.broadcast_to(month * day, (len(CITIES), len(self.departments)))
        for moved, here in ((hot, high >= HOT), (cold, low <= COLD), (wet, rain >= WET)):
            percent = np.where(here, percent * moved // 100, percent)
        return (percent / 10_000).astype(np.float32)
