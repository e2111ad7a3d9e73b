"""One step of the live loop: what new facts add to records, activity, tags and alerts, as rows for the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from zhiyin.app.acquainted import Acquainted
from zhiyin.app.alerts import alert_of, alert_row
from zhiyin.app.dayrows import day_of, day_row, order_of, order_row, stored_day
from zhiyin.app.tagged import tag_rows
from zhiyin.core.clock import zone
from zhiyin.store.live import LiveRows, Step
from zhiyin.store.serving import Serving
from zhiyin.unify.live import Day, DayKey, Fold, Order, OrderKey, StepKey, fold
from zhiyin.unify.standing import derive
from zhiyin.unify.tags import Tag, tags
from zhiyin.unify.triggers import LOOK_BACK, judged

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.store.lake import LakeView
    from zhiyin.unify.clean import Typed

__all__ = ["Living", "Told"]

_KEPT = 20_000  # customers whose rows of the lake stay in memory: about 100 MB
Days = dict[DayKey, Day]


class Told(NamedTuple):
    """Facts and the channel through which they came."""

    channel: str
    typed: Typed


class Living:
    """Makes steps over one open generation.

    Args:
        home: the workspace.
        view: the generation, or the empty one before the first.
    """

    def __init__(self, home: Home, view: LakeView) -> None:
        self._home = home
        self._serving = Serving(view)
        self._live = LiveRows(home.ledger)
        self._people = Acquainted(home, view, live=self._live)
        self._lake: dict[str, Days] = {}
        norms = self._serving.rows("norm", where={})
        self._norms = {str(row["name"]): float(str(row["value"])) for row in norms}

    def step(self, told: Sequence[Told], *, now: datetime) -> Step:
        """What these facts add, with the tags and alerts that follow."""
        step, made, before = self._folded(told)
        people = self._people.meet([one.typed for one in told])
        step.records, step.keys = people.records, people.keys
        rows = made.rows(before)
        step.activity = [day_row(*one) for one in rows.items()]
        step.steps = [day_row(*one) for one in made.steps.items()]
        touched = {key[0] for key in (*rows, *made.steps)} | {row[0] for row in people.records}
        self._judge(step, people.customers_of(touched), rows, made.steps, now)
        return step

    def gathered(self, told: Iterable[Sequence[Told]]) -> Step:
        """All that came after a cursor as one step: rows only, tags and alerts were noted when it happened."""
        whole, records, keys, seen = Fold(), {}, set(), set[tuple[str, str]]()
        before: dict[OrderKey, Order] = {}
        for part in told:
            made, base = self._counted(part, seen)
            whole.add(made)
            before.update(base)
            people = self._people.meet([one.typed for one in part], anew=True)
            records.update({row[0]: row for row in people.records})
            keys.update(people.keys)
        orders = [order_row(key, before[key].and_(order) if key in before else order) for key, order in whole.orders.items()]
        activity = [day_row(*one) for one in whole.rows(before).items()]
        return Step(activity=activity, orders=orders, lines=sorted(seen), records=list(records.values()), keys=sorted(keys))

    def _folded(self, told: Sequence[Told]) -> tuple[Step, Fold, dict[OrderKey, Order]]:
        """The facts that are new, folded; with what was known of their orders."""
        lines = [key for one in told for key in _lines(one.typed)]
        known = self._live.lines(lines) if lines else set()
        seen = set(known)
        made, base = self._counted(told, seen)
        found = self._live.orders({key[:3] for key in made.orders}) if made.orders else []
        before = base | dict(map(order_of, found))
        totals = {key: before[key].and_(order) if key in before else order for key, order in made.orders.items()}
        return Step(orders=[order_row(*one) for one in totals.items()], lines=sorted(seen - known)), made, before

    def _counted(self, told: Sequence[Told], seen: set[tuple[str, str]]) -> tuple[Fold, dict[OrderKey, Order]]:
        """A fold of the facts without order lines that are known: those of `seen`, to which the new ones are added, or of the lake."""
        import pyarrow as pa

        orders = sorted({order for one in told for order in _column(one.typed, "order_line", "order_id")})
        stored = self._stored(orders) if orders else []
        known = {(str(row["source"]), str(row["line_id"])) for row in stored}
        made = Fold()
        for channel, typed in told:
            tables = dict(typed.tables)
            if "order_line" in tables:
                fresh = [not (key in seen or key in known or seen.add(key)) for key in _lines(typed)]  # type: ignore[func-returns-value]
                tables["order_line"] = tables["order_line"].filter(pa.array(fresh, pa.bool_()))
            made.add(fold(tables, channel=channel, currency=self._home.settings.currency))
        return made, _base_orders(stored, currency=self._home.settings.currency)

    def _stored(self, orders: Sequence[str]) -> list[dict[str, object]]:
        """The lines of these orders in the lake, with the channel they came through."""
        rows = self._serving.rows("order_line", where={"order_id": list(orders)})
        batches = self._serving.rows("batch", where={"batch_id": sorted({str(row["batch_id"]) for row in rows})}) if rows else []
        channels = {row["batch_id"]: row["source"] for row in batches}
        return [{**row, "channel": channels.get(row["batch_id"], row["source"])} for row in rows]

    def _judge(self, step: Step, customers: Mapping[str, Sequence[str]], rows: Days, steps: Mapping[StepKey, Day], now: datetime) -> None:
        """Add the tags that are new and the alerts that have changed."""
        at = _tomorrow(now, self._home.settings.timezone, self._home.settings.as_of)
        records = [record for own in customers.values() for record in own]
        live = _by_record(map(day_of, self._live.activity(records)))
        since = (at - LOOK_BACK - timedelta(days=2)).isoformat()
        done = _by_record((StepKey(*key), day) for key, day in map(day_of, self._live.steps(records, since=since)))
        fresh, stepped = _by_record(rows.items()), _by_record(steps.items())
        self._remember(customers)
        noted, alerts = defaultdict(list), defaultdict(list)
        for row in self._live.tags(customers):
            noted[row[0]].append(row)
        for row in self._live.alerts(customers):
            alerts[row[0]].append(alert_of(row))
        for customer, own in customers.items():
            past = _joined(self._lake[customer], *(live.get(record, {}) for record in own))
            now_known = _joined(past, *(fresh.get(record, {}) for record in own))
            was = self._tags(past, at) if past and not noted[customer] else []
            step.tags += tag_rows(customer, noted[customer], was=was, has=self._tags(now_known, at), now=now)
            looked = _joined(*(done.get(record, {}) for record in own), *(stepped.get(record, {}) for record in own))
            changed = judged(looked, alerts[customer], now=now.astimezone(UTC).replace(tzinfo=None))
            step.alerts += [alert_row(customer, alert) for alert in changed]

    def _tags(self, rows: Days, at: date) -> list[Tag]:
        return tags(derive(rows, at=at, usual=self._norms.get("order_gap")), at=at, norms=self._norms)

    def _remember(self, customers: Mapping[str, Sequence[str]]) -> None:
        """Have the rows of the lake of these customers at hand."""
        wanted = [customer for customer in customers if customer not in self._lake]
        if not wanted:
            return
        if len(self._lake) + len(wanted) > _KEPT:
            self._lake.clear()
            wanted = list(customers)
        owners = {record: customer for customer in wanted for record in customers[customer]}
        self._lake.update({customer: {} for customer in wanted})
        for row in self._serving.rows("activity", where={"record_id": list(owners)}):
            key, day = stored_day(row)
            self._lake[owners[key.record_id]][key] = day


def _base_orders(stored: Iterable[Mapping[str, Any]], *, currency: str) -> dict[OrderKey, Order]:
    """What the lake holds of each day of an order."""
    found: dict[OrderKey, Order] = {}
    for row in stored:
        if row["currency"] == currency and row["ordered_on"] is not None:
            at = row["ordered_at"] or datetime.combine(row["ordered_on"], datetime.min.time())
            saved = (row["discount"] or 0) + (row["coupon"] or 0) if row["amount"] > 0 else 0
            key, order = OrderKey(row["record_id"], row["channel"], row["order_id"], row["ordered_on"]), Order(row["amount"], saved, at, at)
            found[key] = found[key].and_(order) if key in found else order
    return found


def _tomorrow(now: datetime, timezone: str, pinned: date | None) -> date:
    """The first day that is not known: that of the setting, else tomorrow where the workspace counts its days."""
    return pinned or now.astimezone(zone(timezone)).date() + timedelta(days=1)


def _lines(typed: Typed) -> Iterator[tuple[str, str]]:
    return zip(_column(typed, "order_line", "source"), _column(typed, "order_line", "line_id"), strict=True)


def _column(typed: Typed, table: str, column: str) -> list[Any]:
    return typed.tables[table][column].to_pylist() if table in typed.tables else []


def _by_record(rows: Iterable[tuple[Any, Day]]) -> dict[str, dict[Any, Day]]:
    found: dict[str, dict[Any, Day]] = {}
    for key, day in rows:
        found.setdefault(key.record_id, {})[key] = day
    return found


def _joined(*parts: Mapping[Any, Day]) -> dict[Any, Day]:
    """Rows of several kinds together; a key that stands in two is counted together."""
    whole: dict[Any, Day] = {}
    for part in parts:
        for key, day in part.items():
            whole[key] = whole[key].and_(day) if key in whole else day
    return whole
