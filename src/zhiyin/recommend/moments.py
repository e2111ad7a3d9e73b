"""What was it like then? Moments - a day, and a place where places are told - and their circumstances: season, weather, a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp

from zhiyin.learn.frames import coded
from zhiyin.recommend.purchases import Floats, Ints, Names, ids, positions

# A moment is one number: place x _DAYS + days from 1970-01-01; place 0 is "nowhere told".
_DAYS = 1 << 20
# Days of history from which something of a season was seen before its latest turn: each month, each day of the week often enough.
_YEAR, _WEEKS = 400, 56
MONTHS, _SEASONS = 12, 12 + 7  # words: the months, then the days of the week from Monday
_MANY = 12  # different numbers of a column that are still values of their own
_PARTS = 5  # into which other numbers are cut, each with as many moments
_MOST_SAID = 200  # words beside the seasons, the most common ones

__all__ = ["MONTHS", "Circumstances", "circumstances", "day_of", "elsewhen", "moments", "placed"]


def moments(day: Ints, place: Ints | int = 0) -> Ints:
    """Days from 1970-01-01 and numbers of places (0: none told) as moments."""
    return np.asarray(day, np.int64) + np.asarray(place, np.int64) * _DAYS


def day_of(moment: Ints) -> Ints:
    """Days from 1970-01-01."""
    return np.asarray(moment) % _DAYS


def elsewhen(moment: Ints, day: int) -> Ints:
    """Another day in the same places."""
    return np.asarray(moment - day_of(moment) + day)


class Circumstances(NamedTuple):
    """What may be said of a moment.

    `places` are sorted, a place's number is one more than where it stands here. `seasonal` tells whether months and days of the week
    count. `told` are the moments of which something was told, sorted, `about` (moments x words) what was; `words` are written
    `weather=雨`, numbers by parts between `edges`.
    """

    places: Names
    seasonal: tuple[bool, bool]
    told: Ints
    about: sp.csr_matrix
    words: Names
    edges: Mapping[str, Floats]

    def of(self, moment: Ints) -> sp.csr_matrix:
        """Moments x (seasons and words): 1 where it is so; the season is known of any day, all else of what was told."""
        place = positions(self.told, moment)
        known = sp.diags((place >= 0).astype(np.float32))
        day = day_of(moment).astype("datetime64[D]")
        month = day.astype("datetime64[M]").astype(np.int64) % 12
        weekday = (day_of(moment) + 3) % 7  # 1970-01-01 was a Thursday
        row = np.arange(len(moment))
        ones = np.repeat(np.array(self.seasonal, np.float32), len(moment))
        season = sp.csr_matrix((ones, (np.tile(row, 2), np.concatenate([month, 12 + weekday]))), shape=(len(moment), _SEASONS))
        told = known @ self.about[np.maximum(place, 0)] if len(self.told) else sp.csr_matrix((len(moment), 0), dtype=np.float32)
        said = sp.hstack([season, told], format="csr").astype(np.float32)
        said.eliminate_zeros()
        return said

    def with_one(self, moment: int, like: Mapping[str, object]) -> Circumstances:
        """The same, and what one more moment is like; words that were never heard say nothing."""
        said = np.array([word for column, value in like.items() for word in _said(pd.Series([value]), str(column), self.edges)["word"]])
        word = positions(self.words, said) if len(said) else np.zeros(0, np.int32)
        row = np.zeros((1, len(self.words)), np.float32)
        row[0, word[word >= 0]] = 1
        kept = self.told != moment
        told = np.append(self.told[kept], moment)
        about = sp.vstack([self.about[kept], sp.csr_matrix(row)], format="csr")
        order = np.argsort(told)
        return self._replace(told=told[order], about=about[order])

    def season_only(self) -> Circumstances | None:
        """Months and days of the week; None where the history is too short for either."""
        nothing = sp.csr_matrix((0, 0), dtype=np.float32)
        return self._replace(told=self.told[:0], about=nothing, words=self.words[:0]) if any(self.seasonal) else None

    def told_only(self) -> Circumstances | None:
        """What was told of days; None where nothing was."""
        return self._replace(seasonal=(False, False)) if len(self.words) else None


def circumstances(day: Ints, *, places: Names, context: pd.DataFrame | None) -> Circumstances:
    """Circumstances from the days of a history and a table of what its days were like.

    Months count where the history is longer than a year (400 days), days of the week from eight weeks on.

    Args:
        day: of each interaction, from 1970-01-01.
        places: names of the places where there were interactions, sorted; empty where places are not told.
        context: `day` (from 1970-01-01), `place` where places are told, and any columns; texts are values, numbers with more than twelve
            different ones are cut into five parts. A row without a place is for those whose place nobody knows.
    """
    span = int(day.max() - day.min()) if len(day) else 0
    seasonal = (span >= _YEAR, span >= _WEEKS)
    nothing = sp.csr_matrix((0, 0), dtype=np.float32)
    if context is None or not len(context):
        return Circumstances(places, seasonal, np.zeros(0, np.int64), nothing, np.array([], np.str_), {})
    if "place" in context:
        context = context[context["place"].isna() | context["place"].isin(places)]
    place = placed(places, context["place"]) if "place" in context else np.zeros(len(context), np.int64)
    row, told = coded(pd.Series(moments(context["day"].to_numpy(), place)))
    columns = context.columns.drop(["day", "place"], errors="ignore")
    edges = {str(column): parts for column in columns if (parts := _edges(context[column])) is not None}
    pieces = [_said(context[column], str(column), edges).assign(moment=lambda said: row[said.index]) for column in columns]
    said = pd.concat([pd.DataFrame({"word": [], "moment": []}), *pieces]).drop_duplicates()
    common = said["word"].value_counts()
    kept = said[said["word"].isin(common.index[(common > 1) & (common < len(told))][:_MOST_SAID])]
    code, words = coded(kept["word"])
    shape = (len(told), len(words))
    about = sp.csr_matrix((np.ones(len(kept), np.float32), (kept["moment"].to_numpy(np.int64), code)), shape=shape)
    return Circumstances(places, seasonal, told.astype(np.int64), about, ids(words) if len(words) else np.array([], np.str_), edges)


def placed(places: Names, told: pd.Series) -> Ints:
    """The number of each place, 0 for none and for one that nobody knows."""
    there = told.notna().to_numpy()
    number = np.zeros(len(told), np.int64)
    if len(places) and there.any():
        number[there] = positions(places, told[there].to_numpy()) + 1
    return number


def _edges(values: pd.Series) -> Floats | None:
    """Where the parts of a column of numbers end; None for values that stand for themselves."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values) or values.nunique() <= _MANY:
        return None
    return np.unique(np.nanquantile(values.to_numpy(np.float64), np.arange(1, _PARTS) / _PARTS))


def _said(values: pd.Series, column: str, edges: Mapping[str, Floats]) -> pd.DataFrame:
    """`word` of each cell that holds something, with the index of its row."""
    there = values.reset_index(drop=True).dropna()
    if column in edges:
        parts = np.searchsorted(edges[column], there.to_numpy(np.float64), side="right")
        return pd.DataFrame({"word": [f"{column}={part + 1}/{_PARTS}" for part in parts]}, index=there.index)
    return pd.DataFrame({"word": [f"{column}={value}" for value in there]}, index=there.index)
