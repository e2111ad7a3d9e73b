"""Is the table of interactions what it must be? Ids, weights, times and places, checked and made plain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zhiyin.core.clock import utc_now
from zhiyin.core.errors import DataError
from zhiyin.core.words import Say
from zhiyin.learn.frames import complete, days_of, needed
from zhiyin.recommend.moments import Circumstances, circumstances, moments, placed
from zhiyin.recommend.purchases import Names, ids

__all__ = ["same_ids", "timed", "weighed", "when"]


def same_ids(taken: pd.Series, known: pd.Series) -> None:
    """Refuse numbers on one side and texts on the other: no item would find what is known about it."""
    if pd.api.types.is_numeric_dtype(taken) != pd.api.types.is_numeric_dtype(known):
        raise DataError(
            Say("两张表的 item_id 一边是数字，一边是文字。", "item_id is a number in one table and a text in the other."),
            got=f"{taken.dtype}, {known.dtype}",
            fix=Say('统一成文字：frame["item_id"].astype(str)。', 'Make both texts: frame["item_id"].astype(str).'),
        )


def weighed(interactions: pd.DataFrame) -> pd.DataFrame:
    """Refuse weights that are no numbers."""
    if "weight" in interactions and not pd.api.types.is_numeric_dtype(interactions["weight"]):
        raise DataError(
            Say("weight 列要是数字。", "The column `weight` must hold numbers."),
            got=str(interactions["weight"].dtype),
            fix=Say("例如：浏览 1，加购 3，购买 5，退货 -5。", "For example: view 1, cart 3, order 5, return -5."),
        )
    return interactions


def timed(interactions: pd.DataFrame) -> pd.DataFrame:
    """Times as numbers, and `day` beside them as told where they were; refuse what is no time, and what has not happened yet.

    A time to come would stand as the latest of every history. Numbers are an order only: their days are not known.
    """
    if "at" not in interactions or pd.api.types.is_numeric_dtype(interactions["at"]):
        return interactions
    told = interactions["at"]
    at = pd.to_datetime(told, errors="coerce", utc=True)
    if at.isna().any():
        raise DataError(
            Say("at 列里有的不是时间。", "Some of the column `at` is no time."),
            got=f"{int(at.isna().sum())}",
            fix=Say("写成 2026-11-01 12:30 这样的时间，或先后的序号。", "Write times such as 2026-11-01 12:30, or numbers in order."),
        )
    late = at > pd.Timestamp(utc_now())
    if late.any():
        raise DataError(
            Say("有的时间在将来。", "Some of it has not happened yet."),
            got=f"{int(late.sum())}; {at[late].min():%Y-%m-%d}",
            fix=Say("改正 at 列，或去掉这些行。", "Correct the column `at`, or drop these rows."),
        )
    here = told.dt.tz_localize(None) if isinstance(told.dtype, pd.DatetimeTZDtype) else at.dt.tz_localize(None)
    day = here.to_numpy().astype("datetime64[D]").astype(np.int64)
    return interactions.assign(at=at.astype("int64"), moment=moments(day))


def when(interactions: pd.DataFrame, context: pd.DataFrame | None) -> tuple[pd.DataFrame, Circumstances | None]:
    """The interactions with the `moment` of each, and what is known of moments; nothing where days are not known.

    Raises:
        MissingColumns: for a context without `at`.
        DataError: for a context beside interactions whose days are not known, and for days that are none.
    """
    if context is not None:
        needed(context, ("at",), who="fit_recommender")
        complete(context, ("at",), who="fit_recommender")
    if "moment" not in interactions:
        if context is not None:
            raise DataError(
                Say("有 context 表时，交互表的 at 列要是时间。", "With a `context`, the column `at` of the interactions must hold times."),
                got="-" if "at" not in interactions else str(interactions["at"].dtype),
                fix=Say("给每一行写上日期，例如 2026-11-01。", "Give every row a day, such as 2026-11-01."),
            )
        return interactions, None
    day = interactions["moment"].to_numpy(np.int64)
    places: Names = np.array([], np.str_)
    if context is not None and "place" in context and "place" in interactions:
        same_ids(interactions["place"].dropna(), context["place"].dropna())
        places = ids(np.unique(interactions["place"].dropna().to_numpy()))
        interactions = interactions.assign(moment=moments(day, placed(places, interactions["place"])))
    if context is not None:
        days = days_of(context["at"]).astype("datetime64[D]").astype(np.int64)
        context = context.drop(columns="at").assign(day=days)
    return interactions, circumstances(day, places=places, context=context)
