"""What is known of records that are compared: their link keys, and what they tell of names, places and birthdays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import ibis
import pandas as pd

from zhiyin.app.home import Home
from zhiyin.core.errors import SettingsError
from zhiyin.core.words import Say
from zhiyin.guard.access import RUN, Access, Guard
from zhiyin.unify.identity.findings import birthday_of, city_of
from zhiyin.unify.identity.keys import EXACT, NEAR, shown_of
from zhiyin.unify.phones import phone
from zhiyin.unify.values import email

__all__ = ["Fresh", "Reader", "nobody", "stacked"]

_ACCESS = Access(RUN, "identity")
_COMPARED = ("name", "address")  # identifiers that are compared as text; the others are compared by their digests
_REASON = "compare records"
_BATCH = 50_000  # records whose identifiers are open at a time
_MEANS = {name: ("city", city_of) for name in ("city", "城市")} | {
    name: ("birthday", birthday_of) for name in ("birthday", "生日", "出生日期")
}
_MOST = EXACT | NEAR
_KEYS = ["record_id", "kind", "digest"]


def _empty(*names: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in names})


def stacked(*frames: pd.DataFrame) -> pd.DataFrame:
    """Rows under each other; an empty frame adds nothing, not even its types."""
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else frames[0].copy()


@dataclass(frozen=True)
class Fresh:
    """What came after the generation that is read: the same columns as in the lake.

    Args:
        records: record_id, source.
        keys: record_id, kind, digest.
        attributes: record_id, name, value.
    """

    records: pd.DataFrame = field(default_factory=lambda: _empty("record_id", "source"))
    keys: pd.DataFrame = field(default_factory=lambda: _empty(*_KEYS))
    attributes: pd.DataFrame = field(default_factory=lambda: _empty("record_id", "name", "value"))


@dataclass(frozen=True)
class Reader:
    """A generation to read from, with what came after it.

    Args:
        guard: over the generation.
        frame: runs its relations.
        fresh: what came after it.
    """

    guard: Guard
    frame: Callable[[ibis.Table], pd.DataFrame]
    fresh: Fresh = field(default_factory=Fresh)

    def count(self) -> int:
        """How many records there are."""
        return self.guard.count("record", _ACCESS, where={}) + len(self.fresh.records)

    def key_counts(self) -> dict[str, int]:
        """Record -> how many link keys it has; none for a record without."""
        records, keys = self._table("record"), self._table("link_key")
        counted = keys.group_by("record_id").agg(keys=keys.count())
        both = records.select("record_id").left_join(counted, "record_id")
        found = self.frame(both.select("record_id", keys=ibis.coalesce(both["keys"], 0)))
        more = self.fresh.keys.groupby("record_id").size()
        counts = dict(zip(found["record_id"], found["keys"].astype(int), strict=True)) | dict.fromkeys(self.fresh.records["record_id"], 0)
        return counts | {record: counts.get(record, 0) + int(more[record]) for record in more.index}

    def all_keys(self, nobody: Collection[str]) -> pd.DataFrame:
        """All link keys but those of `nobody`."""
        found = self.frame(self._table("link_key").select(*_KEYS))
        return _without(stacked(found, self.fresh.keys), nobody)

    def keys_of(self, records: Iterable[str], nobody: Collection[str]) -> pd.DataFrame:
        """The link keys of some records."""
        return _without(self._keys("record_id", records), nobody)

    def keys_like(self, keys: pd.DataFrame) -> pd.DataFrame:
        """The keys of everybody who shares one of `keys`."""
        return self._keys("digest", keys["digest"].unique())

    def roles(self, records: Sequence[str] | None = None) -> pd.DataFrame:
        """Who speaks for which firm: record_id, firm_id; of some records where they are named."""
        if records is None:
            return self.frame(self._table("role").select("record_id", "firm_id"))
        return self._rows("role", ["record_id", "firm_id"], record_id=list(records))

    def told(self, records: Sequence[str] | None = None) -> pd.DataFrame:
        """What records tell: record_id, source, name, address, city, birthday; of all records where none are named."""
        if records is None:
            sources, attributes = self.frame(self._table("record").select("record_id", "source")), self._attributes()
        else:
            sources = self._rows("record", ["record_id", "source"], record_id=list(records))
            attributes = self._rows("attribute", ["record_id", "name", "value"], record_id=list(records), name=list(_MEANS))
        fresh = self.fresh.records[["record_id", "source"]]
        known = stacked(sources, fresh if records is None else fresh[fresh["record_id"].isin(set(records))])
        known = known.drop_duplicates("record_id", ignore_index=True)
        more = self.fresh.attributes
        return self._with_texts(known, stacked(attributes, more[more["name"].isin(list(_MEANS))]))

    def _with_texts(self, known: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
        names = known["record_id"].tolist()
        texts: dict[str, list[str]] = {name: [] for name in _COMPARED}
        for piece in _pieces(names):
            opened = self.guard.reveal(piece, _COMPARED, _ACCESS, reason=_REASON)
            for record in piece:
                own = opened.get(record, {})
                for name, cells in texts.items():
                    cells.append(own.get(name, ""))
        told = known.assign(**texts)
        attributes = attributes.dropna(subset=["value"]).drop_duplicates(["record_id", "name"], keep="last")
        for meaning in ("city", "birthday"):
            own = attributes[attributes["name"].map(lambda name, wanted=meaning: _MEANS[name][0] == wanted).astype(bool)]
            read = next(how for means, how in _MEANS.values() if means == meaning)
            values = {value: read(str(value)) for value in own["value"].unique()}
            texts_of = dict(zip(own["record_id"], own["value"].map(values), strict=True))
            told[meaning] = told["record_id"].map(texts_of).fillna("")
        return told

    def _attributes(self) -> pd.DataFrame:
        attributes = self._table("attribute")
        return self.frame(attributes.filter(attributes["name"].isin(list(_MEANS))).select("record_id", "name", "value"))

    def _keys(self, column: str, values: Iterable[str]) -> pd.DataFrame:
        wanted = list(values)
        more = self.fresh.keys
        found = self._rows("link_key", _KEYS, **{column: wanted}) if wanted else _empty(*_KEYS)
        return stacked(found, more[more[column].isin(wanted)]).drop_duplicates(ignore_index=True)

    def _rows(self, table: str, columns: list[str], **where: object) -> pd.DataFrame:
        return pd.DataFrame(self.guard.rows(table, _ACCESS, where=where), columns=columns)

    def _table(self, name: str) -> ibis.Table:
        return self.guard.read(name, _ACCESS)


def nobody(home: Home) -> set[str]:
    """The digests of what identifies nobody, as the settings say."""
    found = set()
    for text in home.settings.identity.nobody:
        number = phone(text)
        told = {"phone": number, "near_phone": shown_of(number) if number else None, "email": email(text)}
        known = {kind: value for kind, value in told.items() if value}
        if not known:
            raise SettingsError(
                Say(
                    "identity.nobody 里有一项既不是电话也不是邮箱。", "identity.nobody holds what is neither a phone nor an e-mail address."
                ),
                fix=Say("在 zhiyin.toml 里改正。", "Correct it in zhiyin.toml."),
            )
        found |= {home.vault.digest(kind, value) for kind, value in known.items()}
    return found


def _without(keys: pd.DataFrame, nobody: Collection[str]) -> pd.DataFrame:
    return keys[~keys["digest"].isin(set(nobody))] if nobody else keys


def _pieces(names: list[str]) -> Iterator[list[str]]:
    rest = iter(names)
    while piece := list(islice(rest, _BATCH)):
        yield piece
