"""What of the lists is sold where the customer is?"""

from __future__ import annotations

import pandas as pd

__all__ = ["sold_here"]


def sold_here(lists: pd.DataFrame, sold_in: pd.DataFrame, *, homes: pd.DataFrame) -> pd.DataFrame:
    """Lists without the products that are not sold where the customer is, ranks closed up; an unknown place forbids nothing.

    Args:
        lists: customer_id, kind, product_id and rank.
        sold_in: product_id, place: products that are sold in some places only.
        homes: customer_id, place: every name of where customers are.
    """
    asked = lists[["customer_id", "product_id"]].reset_index(names="row")
    asked = asked[asked["product_id"].isin(sold_in["product_id"]) & asked["customer_id"].isin(homes["customer_id"])]
    here = asked.merge(homes, on="customer_id").merge(sold_in, on=["product_id", "place"])["row"]
    left = lists.drop(index=asked.loc[~asked["row"].isin(here), "row"]).sort_values("rank", kind="stable")
    return left.assign(rank=left.groupby(["customer_id", "kind"]).cumcount() + 1)
