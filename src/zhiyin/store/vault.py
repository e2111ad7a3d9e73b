"""Who is behind this record id? Names, phones, texts and refused rows, each record under a key of its own.

The file is encrypted as a whole; inside, every field is sealed again (AES-256-GCM, bound to its column and record) with the
data key of its record, and the data keys are wrapped (RFC 3394) by the sealing key. Destroying one wrapped key of 40 bytes
makes everything about a person unreadable. Values are found by a keyed digest, never by their text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from zhiyin.core.errors import NotFound
from zhiyin.core.words import Say
from zhiyin.store.keys import Keys
from zhiyin.store.sealing import DataKey, blind_digest
from zhiyin.store.sqlcipher import EncryptedDatabase

__all__ = ["RAW", "Vault"]

RAW = "raw"  # the column of refused rows: the bytes as they came
_PIECE = 50_000  # rows of one step: about 30 MB
# Kept through a change of the master key: ids that stand in the lake, digests in the index, signatures of the audit chain.
_LASTING = ("blind", "ids", "audit")
_INDEX = "CREATE INDEX field_by_digest ON field (digest)"
_MIGRATIONS = (
    (
        "CREATE TABLE data_key (id TEXT NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE field (id TEXT NOT NULL, name TEXT NOT NULL, digest BLOB, sealed BLOB NOT NULL, PRIMARY KEY (id, name)) WITHOUT ROWID",
        _INDEX,
        "CREATE TABLE lasting (name TEXT NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID",
    ),
)
_DIGESTS = "SELECT id, name, digest FROM field WHERE id IN (SELECT value FROM json_each(?))"
_Row = TypeVar("_Row")


class Vault:
    """The vault of one workspace.

    Attributes:
        keys: the keys as this vault knows them: after a change of the master key, ids and digests stay what they were.
    """

    def __init__(self, path: Path, keys: Keys) -> None:
        self._file = EncryptedDatabase(path, keys.vault, migrations=_MIGRATIONS)
        try:
            self.keys = self._with_lasting(keys)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._file.close()

    def seal(self, rows: Iterable[tuple[str, str, str]]) -> int:
        """Seal values, in one transaction; a value that is there already is left alone, another one takes its place.

        Args:
            rows: (record_id, column, text), text as it should be found again.

        Returns:
            How many fields are new or changed.
        """
        with self._file.begin() as connection:
            # Measured: a million inserts into a living index cost three times as much as building it at the end.
            empty = connection.exec_driver_sql("SELECT 1 FROM field LIMIT 1").first() is None
            if empty:
                connection.exec_driver_sql("DROP INDEX field_by_digest")
            stored = sum(self._seal_piece(connection, piece) for piece in _pieces(rows))
            if empty:
                connection.exec_driver_sql(_INDEX)
        return stored

    def open(self, record_ids: Iterable[str], columns: Sequence[str]) -> dict[str, dict[str, str]]:
        """Texts in the clear: record id -> column -> text; records and columns that are not there are left out.

        Raises:
            StoreError: when a field is damaged.
        """
        wanted = sorted(set(columns))
        opened: dict[str, dict[str, str]] = {}
        with self._file.read() as connection:
            for piece in _pieces(record_ids):
                for record_id, column, content in self._unsealed(connection, piece, wanted):
                    opened.setdefault(record_id, {})[column] = content.decode("utf-8", "surrogatepass")
        return opened

    def find(self, column: str, value: str) -> list[str]:
        """The records whose `column` holds `value` (normalised by the caller), by blind index."""
        with self._file.read() as connection:
            found = connection.exec_driver_sql(
                "SELECT id FROM field WHERE digest = ? AND name = ? ORDER BY id",
                (blind_digest(self.keys.blind, column, value=value), column),
            )
            return [str(row[0]) for row in found]

    def digest(self, column: str, value: str) -> str:
        """The keyed digest of a value, for `link_key`: the same value always gives the same digest."""
        return blind_digest(self.keys.blind, column, value=value).hex()

    def seal_row(self, sealed_id: str, raw: bytes) -> None:
        """Keep one refused row as it came."""
        self.seal_rows([(sealed_id, raw)])

    def seal_rows(self, rows: Iterable[tuple[str, bytes]]) -> int:
        """Keep refused rows as they came, in one transaction; one that is there already is left alone."""
        with self._file.begin() as connection:
            return sum(self._keep_raw(connection, dict(piece)) for piece in _pieces(rows))

    def open_row(self, sealed_id: str) -> bytes:
        """A refused row as it came.

        Raises:
            NotFound: when it was never kept, or is erased.
        """
        with self._file.read() as connection:
            for _, _, content in self._unsealed(connection, [sealed_id], [RAW]):
                return content
        raise NotFound(
            Say("保险箱里没有这一行。", "The vault does not hold this row."),
            got=sealed_id,
            fix=Say("它可能已被删除。", "It may have been erased."),
        )

    def erase(self, record_ids: Iterable[str]) -> int:
        """Destroy the keys and fields of records (or of refused rows) beyond recovery; returns how many had one.

        Raises:
            Busy: when another program keeps the log from being emptied; erasing again when it has ended completes it.
        """
        erased = 0
        with self._file.begin() as connection:
            for piece in _pieces(record_ids):
                ids = (_json(piece),)
                connection.exec_driver_sql("DELETE FROM field WHERE id IN (SELECT value FROM json_each(?))", ids)
                gone = connection.exec_driver_sql("DELETE FROM data_key WHERE id IN (SELECT value FROM json_each(?))", ids)
                erased += gone.rowcount
        self._file.forget_log()
        return erased

    def rotate(self, new_keys: Keys) -> Keys:
        """Change the master key: wrap every data key anew and write the file under its new key, whole or not at all.

        Returns:
            The keys to go on with: ids, digests and audit signatures stay what they were.

        Raises:
            Busy: when another program has the vault open.
        """
        with self._file.read() as connection:
            wrapped = connection.exec_driver_sql("SELECT id, wrapped FROM data_key").all()
        again = [(aes_key_wrap(new_keys.sealing, aes_key_unwrap(self.keys.sealing, row[1])), row[0]) for row in wrapped]
        lasting = [(name, aes_key_wrap(new_keys.sealing, getattr(self.keys, name))) for name in _LASTING]
        self._file.rewrite(
            new_keys.vault,
            [
                ("UPDATE {copy}.data_key SET wrapped = ? WHERE id = ?", again),
                ("INSERT OR REPLACE INTO {copy}.lasting (name, wrapped) VALUES (?, ?)", lasting),
            ],
        )
        self.keys = self._with_lasting(new_keys)
        return self.keys

    def verify(self) -> None:
        """Check every page of the file; raises StoreError naming the first damaged ones."""
        self._file.verify()

    def _with_lasting(self, keys: Keys) -> Keys:
        with self._file.read() as connection:
            rows = connection.exec_driver_sql("SELECT name, wrapped FROM lasting").all()
        lasting: dict[str, Any] = {name: aes_key_unwrap(keys.sealing, wrapped) for name, wrapped in rows}
        return replace(keys, **lasting)

    def _seal_piece(self, connection: sa.Connection, rows: list[tuple[str, str, str]]) -> int:
        latest: dict[str, dict[str, str]] = {}
        for record_id, column, text in rows:
            latest.setdefault(record_id, {})[column] = text
        known = {(row[0], row[1]): row[2] for row in connection.exec_driver_sql(_DIGESTS, (_json(latest),))}
        digest = partial(blind_digest, self.keys.blind)
        told = ((record_id, *one) for record_id in sorted(latest) for one in latest[record_id].items())  # a page is filled once
        marked = [(*one, digest(one[1], value=one[2])) for one in told]
        fresh = [one for one in marked if known.get(one[:2]) != one[3]]
        keys = self._data_keys(connection, _json({one[0] for one in fresh}))
        new_keys: dict[str, DataKey] = {}
        sealed = []
        for record_id, column, text, mark in fresh:
            if record_id not in keys:
                keys[record_id] = new_keys[record_id] = DataKey(self.keys.sealing)
            content = keys[record_id].seal(text.encode("utf-8", "surrogatepass"), record_id=record_id, column=column)
            sealed.append((record_id, column, mark, content))
        _insert_keys(connection, new_keys)
        if sealed:
            connection.exec_driver_sql("INSERT OR REPLACE INTO field (id, name, digest, sealed) VALUES (?, ?, ?, ?)", sealed)
        return len(sealed)

    def _keep_raw(self, connection: sa.Connection, rows: dict[str, bytes]) -> int:
        known = self._data_keys(connection, _json(rows))
        new = {sealed_id: DataKey(self.keys.sealing) for sealed_id in rows if sealed_id not in known}
        _insert_keys(connection, new)
        if new:
            sealed = [(sealed_id, RAW, None, key.seal(rows[sealed_id], record_id=sealed_id, column=RAW)) for sealed_id, key in new.items()]
            connection.exec_driver_sql("INSERT INTO field (id, name, digest, sealed) VALUES (?, ?, ?, ?)", sealed)
        return len(new)

    def _data_keys(self, connection: sa.Connection, ids: str) -> dict[str, DataKey]:
        found = connection.exec_driver_sql("SELECT id, wrapped FROM data_key WHERE id IN (SELECT value FROM json_each(?))", (ids,))
        return {row[0]: DataKey(self.keys.sealing, row[1]) for row in found}

    def _unsealed(self, connection: sa.Connection, ids: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
        wanted = _json(ids)
        keys = self._data_keys(connection, wanted)
        found = connection.exec_driver_sql(
            "SELECT id, name, sealed FROM field WHERE id IN (SELECT value FROM json_each(?)) AND name IN (SELECT value FROM json_each(?))",
            (wanted, _json(columns)),
        )
        for record_id, column, sealed in found:
            if record_id in keys:
                yield record_id, column, keys[record_id].unseal(sealed, record_id=record_id, column=column)


def _insert_keys(connection: sa.Connection, keys: dict[str, DataKey]) -> None:
    if keys:
        rows = [(record_id, key.wrapped) for record_id, key in keys.items()]
        connection.exec_driver_sql("INSERT INTO data_key (id, wrapped) VALUES (?, ?)", rows)


def _pieces(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """Lists of at most `_PIECE` rows: memory stays bounded however many come."""
    iterator = iter(rows)
    while piece := list(islice(iterator, _PIECE)):
        yield piece


def _json(values: Iterable[str]) -> str:
    return json.dumps(sorted(values))
