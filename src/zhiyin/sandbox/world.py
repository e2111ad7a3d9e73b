"""An invented company that goes on day by day and answers to the contacts that are made."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say
from zhiyin.sandbox import appeal, contact, service, shopping, talking
from zhiyin.sandbox.chance import Floats, Ids
from zhiyin.sandbox.ground import laid
from zhiyin.sandbox.happened import EVENTS, Day, Rows, Verdict, joined, kept, none, sized
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.scenarios.registry import scenario_named

__all__ = ["LAST_DAY", "Effects", "World"]

LAST_DAY = date(2026, 11, 1)  # of the histories that are written: a Sunday, so that the list is for a Monday
# Of the yearly margin of somebody whom contacts drive away: lost by one (measured: 34 of 1 300 yuan in the 200 days after it).
_DRIVEN_OFF = 0.025
_TRANSFERS = 0.3  # of the visitors of a day move money


@dataclass(frozen=True)
class Effects:
    """What one contact today would change for everybody who has come, by place.

    `without` and `spoken` are the probabilities to buy within 28 days, `gain` the margin in fen that the contact adds, before its cost:
    less what is lost for good of those whom it drives away.
    """

    without: Floats
    spoken: Floats
    gain: Floats


class World:
    """A company with its customers.

    Example:
        world = World("appliances", customers=200, seed=7); day = world.step(); day.count("orders")
    """

    def __init__(
        self, scenario: str = "appliances", *, customers: int = 1000, seed: int = 7, begins: date | None = None, branch: int = 0
    ) -> None:
        if customers < 1:
            raise UsageError(
                Say("至少要有一位客户。", "There must be one customer at least."),
                got=customers,
                fix=Say("写一个 1 或更大的数。", "Give a number of 1 or more."),
            )
        self.begins = begins or LAST_DAY
        self.ground = laid(scenario_named(scenario), n=customers, seed=seed, branch=branch)
        self.number = 0
        self._later: defaultdict[int, list[Rows]] = defaultdict(list)
        self._back: defaultdict[int, list[Rows]] = defaultdict(list)
        self._happy = 0
        self._watched = True

    @property
    def today(self) -> date:
        """The day that comes next."""
        return self.begins + timedelta(days=self.number)

    def copy(self, *, watched: bool = True) -> World:
        """The same world once more, to try another way from here on.

        Args:
            watched: somebody looks at visits, transfers and what is said; customers do the same where nobody does, at a third of the time.
        """
        twin = copy.copy(self)
        twin._watched = watched
        twin.ground = replace(self.ground, lives=copy.deepcopy(self.ground.lives), wares=self.ground.wares.copy())
        twin._later, twin._back = copy.deepcopy(self._later), copy.deepcopy(self._back)
        return twin

    def step(self, contacts: Sequence[int] | Ids = ()) -> Day:
        """Live one day.

        Args:
            contacts: places of the people who are contacted today; naming one twice is one contact.

        Returns:
            What happened.

        Raises:
            UsageError: for somebody who has not come yet.
        """
        ground, day, on = self.ground, self.number, self.today
        made = self._known(contacts)
        came = service.arrivals(ground, day=day, happy=self._happy)
        if on.weekday() == 0:
            ground.wares.restock(day)
        ground.wares.empty(day)
        groups = {"contacts": contact.contacted(ground, made, day=day), "shifts": service.shifts(ground, day=day)}
        campaign = contact.campaign_of(on)
        if campaign >= 0:
            groups["invitations"] = contact.invited(ground, campaign, day=day)
        groups |= self._shop(on)
        groups |= self._serve(groups)
        service.turn_away(ground, day=day)
        if on.weekday() == 0:
            goods = np.arange(len(ground.wares.price), dtype=np.int64)
            groups["stock"] = sized("stock", len(goods), product=goods, pieces=ground.wares.pieces.copy())
        self.number += 1
        return Day(on, day, came, groups)

    def habit(self) -> Ids:
        """Whom the team would call today without a list."""
        return contact.habit(self.ground, day=self.number)

    def effects(self) -> Effects:
        """The truth about a contact today, which nobody in the company knows."""
        ground, n = self.ground, self.ground.lives.arrived
        without, spoken = ground.urge.effects(
            ground.lives, lambda ahead: ground.season(self.today + timedelta(days=ahead)), day=self.number
        )
        who = np.arange(n, dtype=np.int64)
        margin = ground.wares.order_margin(ground.lives.need[who], ground.people.taste[who], purse=ground.people.purse[who])
        yearly = margin * np.minimum(365 / ground.people.pace[:n], np.float32(26))
        lost = np.where(ground.people.put_off[:n] & (ground.lives.left[:n] > self.number), np.float32(_DRIVEN_OFF) * yearly, 0)
        return Effects(without, spoken, ((spoken - without) * margin - lost).astype(np.float32))

    def wants(self, who: Ids) -> Floats:
        """The truth about taste: how likely each product is what these customers would order first today, `(customers, products)`."""
        return appeal.wants(self.ground, who, day=self.number)

    def _known(self, contacts: Sequence[int] | Ids) -> Ids:
        made = np.unique(np.asarray(contacts, dtype=np.int64))
        if len(made) and (made[0] < 0 or made[-1] >= self.ground.lives.arrived):
            raise UsageError(
                Say("联系了还不存在的客户。", "Somebody was contacted who is not there yet."),
                got=int(made[0] if made[0] < 0 else made[-1]),
                fix=Say(f"客户的编号是 0 到 {self.ground.lives.arrived - 1}。", f"Customers are 0 to {self.ground.lives.arrived - 1}."),
            )
        return made

    def _shop(self, on: date) -> dict[str, Rows]:
        """Visits and orders of today."""
        ground, lives, day = self.ground, self.ground.lives, self.number
        n = lives.arrived
        who = np.arange(n, dtype=np.int64)
        urge = ground.urge.moved(ground.urge.plain(lives, ground.season(on), day=day), lives, day=day)
        run = ground.spike_now(day)
        if run is not None:
            likes = (lives.need[:n] == run.category) | (ground.people.taste[:n] == run.category)
            urge[(ground.people.system[:n] == run.system) & likes] *= np.float32(run.factor)
        luck = ground.chance.share("luck", who, day=day)
        visits = shopping.visits(ground, urge, luck=luck, day=day) if self._watched else none("visits")
        orders = shopping.baskets(ground, np.flatnonzero(luck < urge).astype(np.int64), day=day, month=on.month)
        bursts = ground.planted.frauds(day)
        burst = shopping.fraud_orders(ground, bursts[bursts < n], day=day, first=day * shopping.NUMBERS + shopping.NUMBERS // 4)
        service.own(ground, orders, day=day)
        if self._watched:
            bought = kept(orders, (orders["line"] == 0) & (orders["system"] == SYSTEMS.index("mall")))
            visits = joined("visits", [visits, {**bought, "event": np.full_like(bought["line"], EVENTS.index("Order Completed"))}])
        self._later[day + service.SERVED_DAYS].append(orders)
        answers = shopping.answers(orders)
        orders = joined("orders", [orders, burst])
        frauds = {name: burst[name] for name in ("person", "system", "number")}
        return {"visits": visits, "orders": orders, "answers": answers, "frauds": frauds} | self._move_money(visits, bursts[bursts < n])

    def _move_money(self, visits: Rows, frauds: Ids) -> dict[str, Rows]:
        """Transfers between accounts, where customers have accounts; fraud moves much, at night, to somebody new."""
        if not self.ground.scenario.transfers:
            return {}
        chance, day, purse = self.ground.chance, self.number, self.ground.people.purse
        who = np.unique(visits["person"])
        who = who[chance.happens("transfers", who, share=_TRANSFERS, day=day)]
        usual = (chance.share("transferred", who, day=day) * purse[who] * 2_000_000).astype(np.int64) // 100 * 100 + 1000
        second = shopping.seconds(chance, who, of="transfer", day=day)
        own = sized("transfers", len(who), person=who, amount=usual, second=second, payee=chance.below("payee", who, most=4))
        large = (20_000_000 + chance.below("stolen", frauds, most=500_000, day=day) * 100).astype(np.int64)
        stolen = sized(
            "transfers", len(frauds), person=frauds, amount=large, second=2 * 3600 + 30 * np.arange(len(frauds)) % 3600, payee=1000 + frauds
        )
        return {"transfers": joined("transfers", [own, stolen])}

    def _serve(self, groups: dict[str, Rows]) -> dict[str, Rows]:
        """Verdicts on what was ordered some days ago, refunds, and everything that is said today."""
        ground, day = self.ground, self.number
        earlier = joined("orders", self._later.pop(day, []))
        verdict = service.served(ground, earlier, day=day)
        self._happy = int((~verdict.late & ~verdict.faulty).sum())
        back_on = day + service.REFUND_DAYS
        self._back[back_on].append(service.refunds(ground, earlier, faulty=verdict.faulty, day=back_on))
        said = self._said(groups, earlier, verdict) if self._watched else {}
        return said | {"refunds": joined("refunds", self._back.pop(day, []))}

    def _said(self, groups: dict[str, Rows], earlier: Rows, verdict: Verdict) -> dict[str, Rows]:
        ground, day = self.ground, self.number
        talks = [
            talking.of_visits(ground, groups["visits"], bought=groups["orders"]["person"], day=day),
            talking.of_served(ground, earlier, verdict=verdict, day=day),
            talking.of_lives(ground, groups["shifts"], day=day),
            talking.of_calls(ground, groups["contacts"], day=day),
            talking.of_firms(ground, groups["orders"], day=day),
        ]
        return {"talks": joined("talks", talks)}
