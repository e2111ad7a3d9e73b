"""A company with a past: everything that its systems have written down, piece by piece, and the truth about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

import numpy as np
import pyarrow as pa

from zhiyin.sandbox.exports.bank import transfers
from zhiyin.sandbox.exports.events import events
from zhiyin.sandbox.exports.goods import products, stock
from zhiyin.sandbox.exports.marketing import calls_made, campaigns
from zhiyin.sandbox.exports.office import Office, office
from zhiyin.sandbox.exports.orders import orders
from zhiyin.sandbox.exports.part import Part, plain, table
from zhiyin.sandbox.exports.people import contacts_of_firms, crm, members
from zhiyin.sandbox.exports.sky import sky
from zhiyin.sandbox.exports.sources import sources
from zhiyin.sandbox.exports.spoiled import spoiled
from zhiyin.sandbox.exports.talk import talks
from zhiyin.sandbox.happened import Day
from zhiyin.sandbox.truth import FOLDER, Truth
from zhiyin.sandbox.world import World

__all__ = ["SOURCES", "Company", "facts", "settings"]

SOURCES = "sources.toml"
_MALL = ("下单时间", "实付金额", "会员编号")  # columns of time, money and customer


class Company:
    """Lives a world day by day and gives what is written down as pieces of files; memory holds one day.

    Example:
        company = Company(World("appliances", customers=100)); pieces = [*company.day(), *company.closed()]
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = office(world)
        self.truth = Truth(world, self.office.written)
        self.rows: Counter[str] = Counter()

    def day(self) -> Iterator[Part]:
        """Live one day as the company always does, and give what was written on it."""
        day = self.world.step(self.world.habit())
        said, heard = talks(self.office, day)
        for part in self._exports(day, said):
            whole, bad = spoiled(part, self.world.ground.chance, day=day.number, columns=_MALL) if "商城_订单" in part.file else (part, [])
            if bad:
                first = self.rows[part.file] + part.rows + 1
                yield table(f"{FOLDER}/bad_row.csv", _bad(part.file, bad, first=first))
            self.rows[part.file] += whole.rows
            yield whole
        yield from self.truth.noted(day, heard)

    def closed(self) -> Iterator[Part]:
        """What is written once: customers, goods, what the files mean, and the rest of the truth."""
        known = self.office
        for part in (*crm(known), *members(known), contacts_of_firms(known), products(known.ground)):
            self.rows[part.file] += part.rows
            yield part
        yield settings(self.world, self.rows)
        yield from self.truth.told()

    def _exports(self, day: Day, said: list[Part]) -> Iterator[Part]:
        ground = self.world.ground
        yield from facts(self.office, day)
        if day.count("contacts"):
            yield calls_made(self.office, day)
        yield from said
        if ground.scenario.transfers:
            yield transfers(self.office, day)
        yield from sky(ground, day.on)


def facts(office: Office, day: Day) -> Iterator[Part]:
    """What customers did and what the shop did on one day, without what was said: orders, events, campaigns, stock."""
    yield from orders(office, day)
    yield events(office, day)
    yield from campaigns(office, day)
    if day.count("stock"):
        yield stock(office.ground, day)


def settings(world: World, files: Collection[str]) -> Part:
    """`sources.toml` for these files, with the list for the day that comes next."""
    goal = "retention" if world.ground.scenario.subscription else "repurchase"
    return Part(SOURCES, b"", sources(files, as_of=world.today, goal=goal).encode(), 0)


def _bad(file: str, bad: list[str], *, first: int) -> dict[str, pa.Array]:
    return {"file": pa.repeat(file, len(bad)), "row": plain(np.arange(first, first + len(bad))), "what": pa.array(bad)}
