"""Does the last click make a better list, and how fast? The list of the day beside the list now, on real shops, then the real server.

    PYTHONPATH=src python benchmarks/live_lists.py [--data ../shared/data] [--customers 1000] [--write benchmarks/results/live_lists.md]

Carts (Complete Journey, Online Retail II): `ProductRecommender` and `product_link` know what came before the last 28 days. Of the first
basket of at least four products of each customer after that (at most 1 500), up to three products, drawn at random, are in the cart: what
of the rest is among the ten that are recommended? Products in the cart are left out of the list of the day too.
Clicks (Taobao, 26 November to 2 December 2017; categories in the place of products, because the sample of 815 people has 49 000 items that
hardly two of them share): each first purchase of the last two days, asked for a moment before it, from the steps of the day before it.
There is no list of the day but what is popular.

Recall at 10 (of at most ten) on two halves of the customers, and on the second the difference to the list of the day with its 95 % bootstrap
interval, drawn by customer. `evidence x 2` doubles `EVIDENCE`, and so on; `used` is what the product does; a variant that changes nothing is
left out. The weights were chosen while looking at these shops, so what differs between halves and neighbours says how much they matter.

Speed: a sandbox company, imported and run, behind `zhiyin serve`. A view of another product is posted for one customer after the other;
the clock starts when it is sent, and stops when the answer of `recommend` names the product. The answers are asked for in one process,
one after the other, as a server would.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

import httpx
import numpy as np
import pandas as pd
from live import serving, told

import zhiyin
from zhiyin.app.customer import recommendations
from zhiyin.app.home import Home, open_home
from zhiyin.app.reading import Generation, published_guard
from zhiyin.app.recipes.sandbox import Plan, invent
from zhiyin.app.write_keys import add_key
from zhiyin.core.clock import utc_now
from zhiyin.guard.access import OWNER, Access, Guard
from zhiyin.learn.metrics import bootstrap
from zhiyin.recommend import live
from zhiyin.recommend.arrange import Candidate
from zhiyin.recommend.links import TAKEN, product_links
from zhiyin.recommend.live import NEAREST, Link, Step, moved, session
from zhiyin.recommend.products import ProductRecommender
from zhiyin.recommend.rules import Kind

SHOWN, MOST, IN_CART, SEED = 10, 1500, 3, 7
NOW = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - naive UTC; carts are filled at this moment
WAYS = {"pv": "viewed", "fav": "carted", "cart": "carted", "buy": "bought"}
TOOK = {"pv": "Product Viewed", "fav": "Product Added", "cart": "Product Added", "buy": "Order Completed"}
VARIANTS: dict[str, dict[str, object]] = {
    "used": {},
    "no links": {},
    "evidence x 1/2": {"EVIDENCE": live.EVIDENCE / 2},
    "evidence x 2": {"EVIDENCE": live.EVIDENCE * 2},
    "views x 1/2": {"SAYS": {**live.SAYS, "viewed": live.SAYS["viewed"] / 2}},
    "views x 2": {"SAYS": {**live.SAYS, "viewed": live.SAYS["viewed"] * 2}},
    "half-life 1 h": {"HALF_LIFE": timedelta(hours=1)},
    "half-life 16 h": {"HALF_LIFE": timedelta(hours=16)},
}
HEAD = (
    "| shop | list | variant | recall@10, one half | recall@10, other half | beside the list of the day | n |",
    "|---|---|---|---|---|---|---|",
)
SYSTEM, CLICKS, GIVE_UP = "crm", 200, 10.0


class Case(NamedTuple):
    """A customer before a purchase: list of the day, steps so far, what was owned, and what was bought then."""

    customer: str
    kind: Kind
    rows: list[Candidate]
    steps: list[Step]
    now: datetime
    owns: frozenset[str]
    truth: frozenset[str]


class Shop(NamedTuple):
    """Cases and links."""

    cases: list[Case]
    links: dict[str, list[Link]]


def journey(data: Path) -> pd.DataFrame:
    lines = pd.read_parquet(data / "complete_journey/transactions.parquet")
    goods = pd.read_parquet(data / "complete_journey/products.parquet", columns=["product_id", "product_category"])
    lines = lines.merge(goods, on="product_id", how="left")
    return _lines(lines, "household_id product_id basket_id transaction_timestamp", category=lines["product_category"].fillna(""))


def retail(data: Path) -> pd.DataFrame:
    lines = pd.read_parquet(data / "online_retail_ii/transactions.parquet")
    lines = lines[lines["customer_id"].notna() & (lines["quantity"] > 0)]
    return _lines(lines, "customer_id stock_code invoice invoice_date", category="")


def _lines(lines: pd.DataFrame, columns: str, *, category: object) -> pd.DataFrame:
    customer, product, order, at = columns.split()
    told = {"customer_id": lines[customer].astype(str), "product_id": lines[product].astype(str), "order_id": lines[order].astype(str)}
    return pd.DataFrame(told).assign(category=category, ordered_on=pd.to_datetime(lines[at]).dt.normalize())


def carts(lines: pd.DataFrame) -> Shop:
    """Baskets of the last 28 days, half filled."""
    first = lines["ordered_on"].max() - pd.Timedelta(days=27)
    known, later = lines[lines["ordered_on"] < first], lines[lines["ordered_on"] >= first]
    model = ProductRecommender(needs=("ordered_on", "order_id", "category"), item="product_id", at=first.date(), seed=SEED).fit(known)
    pairs = known.groupby(["customer_id", "product_id"])["ordered_on"].max().rename("on").reset_index().assign(weight=1.0)
    owned = pairs.groupby("customer_id")["product_id"].agg(frozenset).to_dict()
    baskets = (
        later.sort_values("ordered_on").groupby(["customer_id", "order_id"], sort=False)["product_id"].agg(lambda own: sorted(set(own)))
    )
    baskets = baskets[[len(own) > IN_CART for own in baskets]].reset_index().drop_duplicates("customer_id")
    baskets = baskets[baskets["customer_id"].isin(owned.keys())]
    baskets = baskets.sample(min(MOST, len(baskets)), random_state=SEED).sort_values("customer_id")
    lists = dict(list(model.lists(list(baskets["customer_id"]), SHOWN).groupby("customer_id")))
    draw, cases = np.random.default_rng(SEED), []
    for customer, products in zip(baskets["customer_id"], baskets["product_id"], strict=True):
        basket = list(draw.permutation(products))
        cut = min(IN_CART, len(basket) // 2)
        steps = [Step(product, "carted", 1, NOW) for product in basket[:cut]]
        for kind in ("repeat", "new"):
            truth = frozenset(product for product in basket[cut:] if (product in owned[customer]) == (kind == "repeat"))
            listed = lists[customer][lists[customer]["kind"] == kind]
            rows = [Candidate(*row) for row in zip(listed["product_id"], listed["score"].astype(float), strict=True)]
            cases += [Case(customer, kind, rows, steps, NOW, owned[customer], truth)] if truth else []
    return Shop(cases, _links(pairs))


def clicks(data: Path) -> Shop:
    """Purchases of the last two days, with the steps of the day before each."""
    events = pd.read_parquet(data / "taobao_userbehavior_sample/events.parquet").sort_values(["user_id", "time"], kind="stable")
    events = events.assign(customer_id=events["user_id"].astype(str), product_id=events["category_id"].astype(str))
    first = events["time"].max().normalize() - pd.Timedelta(days=1)
    known = events[events["time"] < first]
    pairs = known.assign(weight=known["behavior"].map(TOOK).map(TAKEN)).groupby(["customer_id", "product_id"])
    pairs = pairs.agg(weight=("weight", "max"), on=("time", "max")).reset_index()
    bought = known[known["behavior"] == "buy"]
    share = (
        bought.groupby("product_id")["customer_id"].nunique().sort_values(ascending=False, kind="stable") / bought["customer_id"].nunique()
    )
    rows = [Candidate(str(product), float(chance)) for product, chance in share.head(SHOWN).items()]
    owned, cases = bought.groupby("customer_id")["product_id"].agg(frozenset).to_dict(), []
    for customer, own in events[events["time"] >= first - pd.Timedelta(days=1)].groupby("customer_id"):
        owns = owned.get(customer, frozenset())
        for sale in own[(own["behavior"] == "buy") & (own["time"] >= first)].itertuples():
            if sale.product_id not in owns:
                before = own[(own["time"] < sale.time) & (own["time"] > sale.time - pd.Timedelta(days=1))]
                steps = [Step(row.product_id, WAYS[row.behavior], 1, row.time.to_pydatetime()) for row in before.itertuples()]  # type: ignore[arg-type]
                cases.append(Case(customer, "new", rows, _counted(steps), sale.time.to_pydatetime(), owns, frozenset([sale.product_id])))
                owns = owns | {sale.product_id}
    return Shop(cases, _links(pairs))


def _counted(steps: list[Step]) -> list[Step]:
    """Steps of one product and way as one, as the live rows keep them."""
    found: dict[tuple[str, str], Step] = {}
    for step in steps:
        times = found[step[:2]].times if step[:2] in found else 0
        found[step[:2]] = step._replace(times=times + 1)
    return list(found.values())


def _links(pairs: pd.DataFrame) -> dict[str, list[Link]]:
    near = product_links(pairs)
    near = near[near["rank"] <= NEAREST]
    found: dict[str, list[Link]] = {}
    for row in near.itertuples():
        found.setdefault(str(row.product_id), []).append(Link(str(row.product_id), str(row.other_id), row.alike, row.customers))
    return found


def recalls(shop: Shop, cases: Sequence[Case], *, alive: bool) -> np.ndarray:
    """Of each case, how much of what was bought is among the ten."""
    found = []
    for case in cases:
        done = session(case.steps, now=case.now)
        taken = {step.product_id for step in case.steps if step.way == "carted"} if case.now == NOW else set()
        rows = case.rows
        if alive:
            links = [link for product in done.loud for link in shop.links.get(product, [])]
            rows, _ = moved(case.rows, links, now=done, kind=case.kind, owns=case.owns)
        best = [row.product_id for row in rows if row.product_id not in taken][:SHOWN]
        found.append(len(case.truth & set(best)) / min(SHOWN, len(case.truth)))
    return np.array(found)


def varied(shop: Shop, cases: Sequence[Case], *, variant: str) -> np.ndarray:
    """The recalls under other weights."""
    weights = VARIANTS[variant]
    kept = {name: getattr(live, name) for name in weights}
    vars(live).update(weights)
    try:
        return recalls(shop._replace(links={}) if variant == "no links" else shop, cases, alive=True)
    finally:
        vars(live).update(kept)


def quality(name: str, shop: Shop) -> Iterator[str]:
    """A row a kind and variant, on both halves of the customers."""
    for kind in ("repeat", "new"):
        cases = [case for case in shop.cases if case.kind == kind]
        if not cases:
            continue
        customers = sorted({case.customer for case in cases})
        chosen = dict(zip(customers, np.random.default_rng(SEED).random(len(customers)) < 0.5, strict=True))
        halves = [[case for case in cases if chosen[case.customer] == side] for side in (True, False)]
        day = [recalls(shop, half, alive=False) for half in halves]
        yield f"| {name} | {kind} | list of the day | {day[0].mean():.4f} | {day[1].mean():.4f} | | {len(halves[1])} |"
        used = [varied(shop, half, variant="used") for half in halves]
        for variant in VARIANTS:
            now = [varied(shop, half, variant=variant) for half in halves]
            if variant != "used" and all(map(np.array_equal, now, used)):
                continue
            gain = bootstrap(np.mean, now[1] - day[1], n=1000, seed=SEED, groups=[case.customer for case in halves[1]])
            said = f"{gain.value:+.4f} ({gain.low:+.4f} to {gain.high:+.4f})"
            yield f"| {name} | {kind} | {variant} | {now[0].mean():.4f} | {now[1].mean():.4f} | {said} | {len(halves[1])} |"


@contextmanager
def company(customers: int) -> Iterator[Path]:
    """A workspace of a sandbox company, imported and run."""
    with tempfile.TemporaryDirectory() as folder:
        exports, shop = Path(folder) / "exports", Path(folder) / "shop"
        invent(exports, Plan(customers, 180), progress=lambda *_: None)
        command = [sys.executable, "-c", "import sys; from zhiyin.cli.main import main; sys.argv[0] = 'zhiyin'; main()"]
        for words in (["init"], ["import", str(exports)], ["run"]):
            subprocess.run([*command, *words, "-w", str(shop)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield shop


class Asker(NamedTuple):
    """Asks for lists as a server would, over a generation that stays open."""

    home: Home
    guard: Guard
    day: date

    def list_of(self, customer: str) -> tuple[float, list[Mapping[str, object]]]:
        """Seconds, and the rows."""
        began = perf_counter()
        rows = recommendations(self.home, Generation(self.guard, pd.DataFrame, self.day, utc_now()), OWNER, customer=customer)
        return perf_counter() - began, list(rows)

    def bought(self, customer: str) -> set[object]:
        """What the customer has bought."""
        return {row["product_id"] for row in self.guard.row("order_line", customer, Access(OWNER, "display"))}

    def people(self, system: str, count: int) -> list[tuple[str, str]]:
        """Customers of a system, each with the id that the system gave."""
        access = Access(OWNER, "display")
        records = [str(row["record_id"]) for row in self.guard.rows("record", access, where={"source": system}, limit=count)]
        told = self.guard.reveal(records, ("source_key",), access, reason="benchmark")
        owners = self.guard.whose(records, access)
        return list({owners[record]: own["source_key"] for record, own in told.items()}.items())


def click(asker: Asker, client: httpx.Client, *, customer: str, native: str, product: str) -> tuple[float, float]:
    """Seconds from sending a view to its acknowledgement, and to the first list with the product on it."""
    event = {"userId": native, "event": "Product Viewed", "messageId": uuid.uuid4().hex, "properties": {"product_id": product}}
    began = perf_counter()
    client.post("/v1/track", json=event).raise_for_status()
    answered = perf_counter()
    while all(row["product_id"] != product for row in asker.list_of(customer)[1]):
        if perf_counter() - began > GIVE_UP:
            raise SystemExit(f"the list did not change within {GIVE_UP} s")
        sleep(0.005)
    return answered - began, perf_counter() - began


def speed(customers: int) -> Iterator[str]:
    """From the event to the changed list, through the real server."""
    with company(customers) as shop:
        home = open_home(shop)
        with zhiyin.open(shop) as workspace, published_guard(home, utc_now) as guard:
            asker = Asker(home, guard, workspace.last_day())
            offered = guard.rows("recommendation", Access(OWNER, "display"), where={"kind": "new"}, order="rank")
            goods = sorted({str(row["product_id"]) for row in offered})
            people = asker.people(SYSTEM, CLICKS)
            key = add_key(home.ledger, "web", system=SYSTEM)
            with serving(shop) as address, httpx.Client(base_url=address, auth=(key, "")) as client:
                sleep(3)
                still, acked, changed, after = [], [], [], []
                for customer, native in people:
                    seconds, rows = asker.list_of(customer)
                    still.append(seconds)
                    product = next(one for one in goods if one not in {row["product_id"] for row in rows} | asker.bought(customer))
                    times = click(asker, client, customer=customer, native=native, product=product)
                    acked.append(times[0])
                    changed.append(times[1])
                    after.append(asker.list_of(customer)[0])
        home.close()
    yield f"A sandbox company of {customers:,} customers, {len(goods)} products on lists; {len(people)} clicks, one after the other."
    yield from ("", "| ms | p50 | p95 | p99 |", "|---|---|---|---|")
    yield told("the list of a customer who has done nothing", still)
    yield told("the list after a click (goal: 30)", after)
    yield told("event sent -> acknowledged", acked)
    yield told("event sent -> the list has changed (goal: p95 200)", changed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    machine = f"{datetime.now(tz=UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    lines = [f"{machine}.", "", *speed(asked.customers), "", *HEAD]
    shops = {"Online Retail II": lambda: carts(retail(asked.data)), "Complete Journey": lambda: carts(journey(asked.data))}
    for name, shop in {**shops, "Taobao": lambda: clicks(asked.data)}.items():
        lines += quality(name, shop())
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if asked.write:
        asked.write.write_text("# The last click\n\n    python benchmarks/live_lists.py\n\n" + text, encoding="utf-8")


if __name__ == "__main__":
    main()
