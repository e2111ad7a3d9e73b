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

    def weather(self, on: date) -> list[Weather]:
        """The weather of each city."""
        return [weather(city.name, on, draw=self.chance.seed) for city in CITIES]

    def factors(self, on: date) -> Floats:
        """The factor of each city (row) and department (column): 1 is a usual day."""
        kind = day_kind(on)
        day = self.scenario.holiday if kind.name and kind.day_off else self.scenario.weekdays[on.weekday()]
        found = np.empty((len(CITIES), len(self.departments)), dtype=np.float32)
        for row, sky in enumerate(self.weather(on)):
            for column, name in enumerate(self.departments):
                moves = self.scenario.moves[name]
                percent = moves.months[on.month - 1] * day
                percent = percent * moves.hot // 100 if sky.high >= HOT else percent
                percent = percent * moves.cold // 100 if sky.low <= COLD else percent
                percent = percent * moves.rain // 100 if sky.rain_mm >= WET else percent
                found[row, column] = percent / 10_000
        return found
