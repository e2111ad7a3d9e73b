"""Which products do the same customers take, and which are taken by most? Counted once a run, read one product at a time."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import scipy.sparse as sp

from zhiyin.learn.frames import coded
from zhiyin.recommend.live import POPULAR_DAYS
from zhiyin.recommend.purchases import Ints
from zhiyin.recommend.trails import Trails
from zhiyin.recommend.voices.items import LONGEST, alike, in_blocks

__all__ = ["FEWEST", "MOST", "POPULAR", "TAKEN", "popular", "product_links"]

# How much each way of taking a product says, an order being one. A customer counts by the strongest.
TAKEN = {"Order Completed": 1.0, "Product Added": 0.5, "Product Viewed": 0.2}
MOST = 50  # links of a product
FEWEST = 2  # customers who took both: one is no evidence, and would be told of by the sentence
POPULAR = 100  # products


def product_links(taken: pd.DataFrame) -> pd.DataFrame:
    """For each product, what its customers take too.

    Item-based, by the engine of `voices.items`: it needs no candidates, counts weights, and bounds both the histories
    that it looks at and the pairs that it holds at a time.

    Args:
        taken: `customer_id`, `product_id`, `weight` (0 to 1, see `TAKEN`) and `on` (the last day), a row a pair of `order_line` and `event`.

    Returns:
        Rows of `product_link`: `product_id`, `other_id`, `rank` (1 best), `alike` (0 to 1, shrunk cosine over customers), `customers` (who took both).
    """
    held = taken["product_id"].map(taken["product_id"].value_counts()).astype("int64") >= FEWEST
    taken = taken[held.to_numpy()]
    customer, people = coded(taken["customer_id"])
    item, products = coded(taken["product_id"])
    order = np.lexsort((item, taken["on"].to_numpy(), customer))
    start = np.searchsorted(customer[order], np.arange(len(people) + 1))
    weight = taken["weight"].to_numpy(np.float32)[order]
    trails = Trails(np.arange(len(people), dtype=np.int32), start, item[order].astype(np.int32), weight, len(products)).latest(LONGEST)
    found = alike(trails.matrix(), most=MOST)
    own = np.repeat(np.arange(len(products)), np.diff(found.indptr))
    rows = pd.DataFrame({"item": own, "other": found.indices, "alike": found.data.round(6), "customers": _both(trails.seen(), found)})
    rows = rows[rows["customers"] >= FEWEST].sort_values(["item", "alike", "other"], ascending=[True, False, True])
    rank = rows.groupby("item").cumcount() + 1
    names = np.asarray(products)
    named = {"product_id": names[rows["item"]], "other_id": names[rows["other"]]}
    return pd.DataFrame(named).assign(**{name: rows[name].to_numpy() for name in ("alike", "customers")}, rank=rank.to_numpy())


def popular(taken: pd.DataFrame, *, at: date) -> pd.DataFrame:
    """The products that most customers took in the last `POPULAR_DAYS` days.

    Args:
        taken: as `product_links` takes it.
        at: the first day that is not known.

    Returns:
        Rows of `popular_product`: `product_id`, `rank` (1 best), `share` (of the customers of these days, each by how much they took it), `customers`.
    """
    recent = taken[pd.to_datetime(taken["on"]) >= pd.Timestamp(at) - pd.Timedelta(days=POPULAR_DAYS)]
    counted = recent.groupby("product_id", observed=True)["weight"].agg(["sum", "size"]).reset_index()
    counted = counted.assign(product_id=counted["product_id"].astype(str), share=counted["sum"] / max(recent["customer_id"].nunique(), 1))
    best = counted.sort_values(["share", "product_id"], ascending=[False, True]).head(POPULAR)
    return best.assign(rank=np.arange(1, len(best) + 1)).rename(columns={"size": "customers"})[["product_id", "rank", "share", "customers"]]


def _both(seen: sp.csr_matrix, links: sp.csr_matrix) -> Ints:
    """How many customers took both, of each link in its order."""
    across, counts, row_of = seen.tocsc(), np.zeros(links.nnz, np.int64), np.zeros(seen.shape[1], np.int64)
    for block in in_blocks(seen):
        both = (across[:, block].T.tocsr() @ seen).tocsr()
        for place, item in enumerate(range(block.start, block.stop)):  # measured: a third of the time of asking scipy for the cells
            found, wanted = slice(*both.indptr[place : place + 2]), slice(*links.indptr[item : item + 2])
            row_of[both.indices[found]] = both.data[found]
            counts[wanted] = row_of[links.indices[wanted]]
    return counts
