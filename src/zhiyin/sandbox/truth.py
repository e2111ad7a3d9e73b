"""What is really so: who is who, who leaves and why, what a contact would bring, what was planted. The company does not know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.sandbox.chance import Ids
from zhiyin.sandbox.exports.bank import transfer_ids
from zhiyin.sandbox.exports.orders import order_ids
from zhiyin.sandbox.exports.part import Part, money, picked, plain, table, worded
from zhiyin.sandbox.exports.people import registered, second_number, twice, written_how
from zhiyin.sandbox.exports.talk import Heard
from zhiyin.sandbox.happened import Day
from zhiyin.sandbox.lives import CAUSES
from zhiyin.sandbox.people import HABITS
from zhiyin.sandbox.places import CITIES
from zhiyin.sandbox.planted import Spike
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.texts.personas import PERSONAS
from zhiyin.sandbox.world import World
from zhiyin.sandbox.written import Written

__all__ = ["FOLDER", "SOON_DAYS", "Truth"]

FOLDER = "truth"
SOON_DAYS = 28  # how far everybody's future is told
_YEAR_DAYS = 365
_MOST_YEARS = 20_000  # customers of a company of which a year of the future is told


class Truth:
    """Notes what happens day by day, and tells all of it at the end."""

    def __init__(self, world: World, written: Written) -> None:
        self.world = world
        self.written = written
        n = world.ground.people.n
        self.seen = np.zeros((len(SYSTEMS), n), dtype=bool)  # who has ordered through which system
        self.months: dict[tuple[str, str], np.ndarray] = {}  # orders, revenue
        self.buyers: defaultdict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(n, dtype=bool))

    def noted(self, day: Day, heard: Sequence[Heard]) -> Iterator[Part]:
        """The truth that one day adds: what happened, and what was meant by the words of customers."""
        self._count(day)
        yield self._messages(heard)
        shifts, frauds = day.rows("shifts"), day.rows("frauds")
        categories, life = self.world.ground.scenario.categories, self.world.ground.scenario.life
        yield _table(
            "need_shift",
            {
                "person_id": plain(shifts["person"]),
                "on": _days(np.full(len(shifts["person"]), day.on.toordinal())),
                "before": picked(categories, shifts["before"]),
                "after": picked(categories, shifts["after"]),
                "words": picked([event.words for event in life], shifts["life"]),
            },
        )
        run = self.world.ground.planted.spike(day.number)
        today = run.first == day.number
        yield _table("spike", {name: pa.array([value] if today else [], pa.string()) for name, value in self._spike(run, day.on).items()})
        yield self._frauds(day, frauds)

    def _spike(self, run: Spike, on: date) -> dict[str, str]:
        return {
            "starts_on": on.isoformat(),
            "ends_on": (on + timedelta(days=run.last - run.first)).isoformat(),
            "system": SYSTEMS[run.system],
            "category": self.world.ground.scenario.categories[run.category],
            "factor": str(run.factor),
        }

    def _messages(self, heard: Sequence[Heard]) -> Part:
        system, message, person, topic, sentiment = zip(*heard, strict=True) if heard else ((),) * 5
        told = {
            "system": pa.array(system, pa.string()),
            "message_id": pa.array(message, pa.string()),
            "person_id": plain(np.array(person, dtype=np.int64)),
            "topic": pa.array(topic, pa.string()),
            "sentiment": plain(np.array(sentiment, dtype=np.int64)),
        }
        return _table("message", told)

    def _frauds(self, day: Day, frauds: Mapping[str, np.ndarray]) -> Part:
        stolen = np.flatnonzero(day.rows("transfers")["payee"] >= 1000)
        transfers = transfer_ids(day)
        facts = [*order_ids(SYSTEMS[0], frauds["number"]).to_pylist(), *(transfers[turn] for turn in stolen)]
        who = np.concatenate([frauds["person"], day.rows("transfers")["person"][stolen]])
        kinds = ["order"] * len(frauds["person"]) + ["transfer"] * len(stolen)
        told = {
            "system": pa.repeat("mall", len(facts)),
            "fact_id": pa.array(facts, pa.string()),
            "person_id": plain(who),
            "kind": pa.array(kinds, pa.string()),
            "on": _days(np.full(len(facts), day.on.toordinal())),
        }
        return _table("fraud", told)

    def _count(self, day: Day) -> None:
        """Orders, buyers and money of each month and system."""
        month = day.on.isoformat()[:7]
        sales, back = day.rows("orders"), day.rows("refunds")
        for place, system in enumerate(SYSTEMS):
            sold, returned = sales["system"] == place, back["system"] == place
            who = sales["person"][sold]
            self.seen[place, who] = True
            self.buyers[month, system][who] = True
            orders = len(np.unique(sales["number"][sold]))
            revenue = int(sales["paid"][sold].sum()) - int(back["paid"][returned].sum())
            self.months[month, system] = self.months.get((month, system), np.zeros(2, dtype=np.int64)) + np.array([orders, revenue])

    def told(self) -> Iterator[Part]:
        """Everything that is known at the end, and what comes after it."""
        yield self._kpi()
        yield from self._records()
        yield from self._future()

    def _kpi(self) -> Part:
        keys = [key for key in sorted(self.months) if self.months[key].any()]
        told = {
            "month": pa.array([month for month, _ in keys], pa.string()),
            "system": pa.array([system for _, system in keys], pa.string()),
            "orders": plain(np.array([self.months[key][0] for key in keys], dtype=np.int64)),
            "customers": plain(np.array([self.buyers[key].sum() for key in keys], dtype=np.int64)),
            "revenue_cny": money(np.array([self.months[key][1] for key in keys], dtype=np.int64)),
        }
        return _table("kpi", told)

    def _records(self) -> Iterator[Part]:
        """One row a record of a person in a system."""
        ground, written = self.world.ground, self.written
        crm = np.flatnonzero(ground.people.in_crm[: ground.lives.arrived] | self.seen[SYSTEMS.index("crm"), : ground.lives.arrived])
        mall = np.union1d(registered(ground), np.flatnonzero(self.seen[SYSTEMS.index("mall")]))
        again = twice(ground)
        records = [("crm", crm), ("mall", mall)]
        records += [(system, np.flatnonzero(self.seen[SYSTEMS.index(system)])) for system in ("tmall", "pos")]
        other, shared = (pc.not_equal(one, written.mobile) for one in (written.phone, written.till))
        planted = {
            "crm": pc.if_else(other, "changed_phone", ""),
            "pos": pc.if_else(shared, "family_phone", ""),
            "tmall": pa.repeat("masked", ground.people.n),
            "mall": pa.repeat("", ground.people.n),
        }
        for system, who in records:
            yield _records(system, picked(written.key(system), who), who=who, planted=picked(planted[system], who))
        yield _records("crm", second_number(ground, again), who=again, planted=written_how(ground, again))

    def _future(self) -> Iterator[Part]:
        """Live on without calls, and tell who bought what, who left, and what a call today would have changed."""
        world, n = self.world, self.world.ground.lives.arrived
        effects, began = world.effects(), world.number
        need = world.ground.lives.need[:n].copy()
        after = world.copy(watched=False)
        soon, year = np.zeros((2, n), dtype=np.int64), np.zeros(n, dtype=np.int64)
        ahead = _YEAR_DAYS if world.ground.people.n <= _MOST_YEARS else SOON_DAYS
        for number in range(ahead):
            day = after.step()
            rows = {name: column[day.rows("orders")["person"] < n] for name, column in day.rows("orders").items()}
            if number < SOON_DAYS:
                yield self._bought(rows, day.on)
                np.add.at(soon[0], rows["person"][rows["line"] == 0], 1)
                np.add.at(soon[1], rows["person"], rows["paid"])
            np.add.at(year, rows["person"], rows["paid"])
            back = day.rows("refunds")
            known = back["person"] < n
            np.subtract.at(year, back["person"][known], back["paid"][known])
        left = after.ground.lives.left[:n]
        gone = left <= began + SOON_DAYS
        people, categories = world.ground.people, world.ground.scenario.categories
        told = {
            "person_id": plain(np.arange(n)),
            "kind": picked(["person", "firm"], people.firm[:n].astype(np.int64)),
            "persona": picked(PERSONAS, people.persona[:n]),
            "city": picked([city.name for city in CITIES], people.city[:n]),
            "need": picked(categories, need),
            "habit": picked(HABITS, people.habit(world.ground.scenario.pace)[:n]),
            "put_off": plain(people.put_off[:n].astype(np.int64)),
            "left_on": pc.if_else(pa.array(gone), _days(world.begins.toordinal() + np.where(gone, left, 0)), ""),
            "left_cause": picked(CAUSES, np.where(gone, after.ground.lives.cause[:n], 0)),
            "orders_28d": plain(soon[0]),
            "spend_28d_cny": money(soon[1]),
            "spend_365d_cny": money(year) if ahead == _YEAR_DAYS else pa.repeat("", n),
            "effect": _signed(effects.spoken - effects.without),
            "gain_cny": money(np.rint(effects.gain).astype(np.int64)),
        }
        yield _table("person", told)

    def _bought(self, rows: Mapping[str, np.ndarray], on: date) -> Part:
        goods = self.world.ground.scenario.goods
        told = {
            "person_id": plain(rows["person"]),
            "product_id": picked([good.product_id for good in goods], rows["product"]),
            "category": picked([good.category for good in goods], rows["product"]),
            "on": _days(np.full(len(rows["person"]), on.toordinal())),
            "amount_cny": money(rows["paid"]),
        }
        return _table("bought", told)


def _table(name: str, told: Mapping[str, pa.Array]) -> Part:
    return table(f"{FOLDER}/{name}.csv", told)


def _records(system: str, keys: pa.Array, *, who: Ids, planted: pa.Array) -> Part:
    told = {"system": pa.repeat(system, len(who)), "native_id": keys, "person_id": plain(who), "planted": planted}
    return _table("record", told)


def _days(ordinals: Ids) -> pa.Array:
    """Days as text, each written once."""
    distinct, places = np.unique(ordinals, return_inverse=True)
    return picked([date.fromordinal(int(day)).isoformat() if day > 0 else "" for day in distinct], places.astype(np.int64))


def _signed(shares: np.ndarray) -> pa.Array:
    """A number of four digits behind the point."""
    whole = np.rint(shares * 10_000).astype(np.int64)
    digits = worded("0.<rest>", rest=pc.utf8_lpad(plain(np.abs(whole)), 4, "0"))
    return pc.if_else(pa.array(whole < 0), pc.binary_join_element_wise("-", digits, ""), digits)
