"""What does a group like more, and less, than all customers: by how much, and is it more than chance?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis

from zhiyin.core.words import Say
from zhiyin.learn.significance import discovered, two_sided

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from ibis import Table

__all__ = ["FALSE_SHARE", "counts", "pairs", "preferences", "sentence"]

FALSE_SHARE = 0.05  # of the preferences told, expected to be chance
DAYS = 365
_Z = 1.959964  # of a 95 % interval


_FEW = 30  # different values of an attribute beyond which it is no group of its own


def pairs(tables: Mapping[str, Table], *, at: date) -> Table:
    """What each customer bought and is: `customer_id`, `kind`, `thing`, each once.

    Categories are those of the last year; attributes those with at most 30 different values; stage and tier as they stand.

    Args:
        tables: `profile`, `order_line`, `product`, `attribute`, `identity`.
        at: the day of the list.
    """
    lines, products, identity, profiles = (tables[name] for name in ("order_line", "product", "identity", "profile"))
    paid = (lines["amount"] > 0) & (lines["ordered_on"] < ibis.date(at)) & (lines["ordered_on"] >= ibis.date(at - timedelta(days=DAYS)))
    bought = lines.filter(paid).select("record_id", "product_id").distinct()
    bought = bought.inner_join(products.filter(products["category"] != "").select("product_id", "category"), "product_id")
    bought = bought.inner_join(identity.select("record_id", "customer_id"), "record_id")
    told = tables["attribute"].filter(tables["attribute"]["value"] != "")
    various = told.group_by("name").agg(values=told["value"].nunique())
    told = told.semi_join(various.filter(various["values"] <= _FEW), "name").inner_join(
        identity.select("record_id", "customer_id"), "record_id"
    )
    parts = [
        bought.select("customer_id", kind=ibis.literal("category"), thing="category"),
        told.select("customer_id", kind="name", thing="value"),
        *(profiles.select("customer_id", kind=ibis.literal(name), thing=name) for name in ("stage", "tier")),
    ]
    return ibis.union(*parts, distinct=True)


def counts(pairs: Table, *, everybody: Table, members: Table) -> Table:
    """How many of the group and of all have each thing: the columns `kind`, `thing`, `own`, `every`, `group_size`, `all_size`.

    Args:
        pairs: `customer_id`, `kind` (category, or the name of an attribute), `thing`, each once.
        everybody: `customer_id` of all customers.
        members: `customer_id` of the group.
    """
    marked = everybody.select("customer_id").left_join(members.select("customer_id"), "customer_id")
    marked = marked.select("customer_id", inside=marked["customer_id_right"].notnull().cast("int64"))
    sizes = marked.agg(group_size=ibis.coalesce(marked["inside"].sum(), 0), all_size=marked.count())
    held = pairs.inner_join(marked, "customer_id")
    counted = held.group_by("kind", "thing").agg(own=held["inside"].sum(), every=held.count())
    return counted.cross_join(sizes)


def preferences(counted: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The things that a group has clearly more or less often than the others, the strongest first.

    The index is the share in the group over the share among all. The difference to the others is tested by two proportions,
    over all things by Benjamini and Hochberg; the interval of the index follows from that of the ratio to the others, since
    index = r / (w r + 1 - w) grows with r for a group that is the share w of all.

    Args:
        counted: of `counts`.
        smallest: customers that a figure needs: things that fewer have, in the group or outside, are left out.

    Returns:
        kind, thing, group_share, all_share, index, low, high (95 % interval), chance; none where the group or the rest is too small.

    References:
        Katz, Baptista, Azen, Pike (1978): Obtaining confidence intervals for the risk ratio in cohort studies. Biometrics 34(3), 469-474.
    """
    import pandas as pd

    names = ["kind", "thing", "group_share", "all_share", "index", "low", "high", "chance"]
    found = [row for row in (_tested(row, smallest) for row in counted.itertuples(index=False)) if row]
    table = pd.DataFrame(found, columns=names)
    table = table[pd.Series(discovered(table["chance"].tolist(), share=FALSE_SHARE), dtype=bool)]
    order = (table["index"].astype(float) - 1.0).abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def sentence(row: dict[str, object], *, name: Say) -> Say:
    """One preference for a salesperson.

    Example:
        品类 粮油：群里 62%，全体 31%，是全体的 2.00 倍（1.80 - 2.20）。
    """
    own, every, index, low, high = (float(str(row[key])) for key in ("group_share", "all_share", "index", "low", "high"))
    figures = f"{own:.0%}", f"{every:.0%}", f"{index:.2f}", f"{low:.2f} - {high:.2f}"
    return Say(
        f"{name.zh}：群里 {figures[0]}，全体 {figures[1]}，是全体的 {figures[2]} 倍（{figures[3]}）。",
        f"{name.en}: {figures[0]} of the group, {figures[1]} of all, {figures[2]} times as many ({figures[3]}).",
    )


def _tested(row: object, smallest: int) -> tuple[object, ...] | None:
    """One thing with its index, interval and p-value; None where too few stand behind it."""
    kind, thing, own, every, group, all_ = (getattr(row, key) for key in ("kind", "thing", "own", "every", "group_size", "all_size"))
    own, every, group, all_ = int(own), int(every), int(group), int(all_)
    others, rest = every - own, all_ - group
    if min(group, rest) < smallest or every < smallest or 0 < own < smallest or 0 < others < smallest:
        return None
    share, both = group / all_, every / all_
    error = math.sqrt(both * (1 - both) * (1 / group + 1 / rest))
    chance = two_sided((own / group - others / rest) / error) if error else 1.0
    # Half a customer more on each side, so that none at all has an interval too.
    ratio = ((own + 0.5) / (group + 0.5)) / ((others + 0.5) / (rest + 0.5))
    wide = _Z * math.sqrt(max(1 / (own + 0.5) - 1 / (group + 0.5) + 1 / (others + 0.5) - 1 / (rest + 0.5), 0.0))
    low, high = (_index(ratio * math.exp(sign * wide), share) for sign in (-1, 1))
    return kind, thing, own / group, both, (own / group) / both, low, high, chance


def _index(ratio: float, share: float) -> float:
    return ratio / (share * ratio + 1 - share)
