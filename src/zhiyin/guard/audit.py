"""Who asked what, and has anybody touched the record of it? A chain of signed entries.

Each entry is signed (HMAC-SHA256) over its own content and the signature before it, so an edit, a removal or a change of order
breaks the chain at that place. A cut tail leaves a whole chain; the anchor file, which can be copied to another machine,
remembers how long the chain was.
"""

from __future__ import annotations

import contextlib
import hmac
import json
from dataclasses import astuple, dataclass
from pathlib import Path

import sqlalchemy as sa

from zhiyin.core.clock import Clock, utc_now
from zhiyin.core.errors import StoreError
from zhiyin.core.files import write_safely
from zhiyin.core.words import Say
from zhiyin.guard.actors import Access
from zhiyin.store.ledger import Ledger, audit

__all__ = ["ANCHORS", "Audit", "Question", "Verdict"]

ANCHORS = "audit.anchors"  # the file beside the ledger
_START = "0" * 64


@dataclass(frozen=True)
class Question:
    """What was asked: `action` of `table` where `predicate`, how many rows came back, and the reason that was given."""

    action: str
    table: str
    predicate: str
    count: int
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether the chain is whole: how many entries were read, and at which one it breaks (0: nowhere)."""

    ok: bool
    entries: int
    broken_at: int
    words: Say


class Audit:
    """The chain in the ledger.

    Args:
        ledger: where the entries are.
        key: the audit key of `Keys`.
        clock: what time it is.
        anchors: the anchor file; None: no anchors.
    """

    def __init__(self, ledger: Ledger, key: bytes, *, clock: Clock = utc_now, anchors: Path | None = None) -> None:
        self._ledger = ledger
        self._key = key
        self._clock = clock
        self._anchors = anchors
        self._anchored_on = ""  # the day for which this process knows that there is an anchor

    def append(self, access: Access, question: Question) -> int:
        """Write one entry, durably; returns its number. The first entry of a day also sets an anchor."""
        now = self._clock()
        with self._ledger.begin() as connection:
            last = connection.execute(sa.select(audit.c.seq, audit.c.digest).order_by(audit.c.seq.desc()).limit(1)).first()
            entry = {
                "seq": last.seq + 1 if last else 1,
                "at": now.isoformat(timespec="milliseconds"),
                "actor": access.actor.id,
                "role": access.actor.role,
                "purpose": access.purpose,
                **dict(zip(("action", "table_name", "predicate", "count", "reason"), astuple(question), strict=True)),
                "previous": last.digest if last else _START,
            }
            connection.execute(sa.insert(audit).values(**entry, digest=self._signed(entry)))
        if self._anchored_on != now.date().isoformat():
            self._anchored_on = now.date().isoformat()
            with contextlib.suppress(StoreError):  # the entry stands; what is wrong with the anchors is told by `verify`
                self._anchor_of_the_day()
        return int(entry["seq"])

    def entries(self, *, about: str = "", limit: int = 0) -> list[dict[str, object]]:
        """Entries, latest first; `about` keeps those whose predicate names an id."""
        query = sa.select(audit).order_by(audit.c.seq.desc())
        if about:
            query = query.where(audit.c.predicate.contains(about, autoescape=True))
        with self._ledger.read() as connection:
            return [dict(row) for row in connection.execute(query.limit(limit) if limit else query).mappings()]

    def anchor(self) -> None:
        """Remember in the anchor file how long the chain is now; nothing without an anchor file or an entry."""
        with self._ledger.read() as connection:
            last = connection.execute(sa.select(audit.c.seq, audit.c.digest).order_by(audit.c.seq.desc()).limit(1)).first()
        if self._anchors and last:
            known = [row for row in self._anchored() if row[1] <= last.seq]
            rows = [*known, (self._clock().date().isoformat(), int(last.seq), str(last.digest))]
            signed = [{"day": row[0], "seq": row[1], "digest": row[2], "signature": self._signed(list(row))} for row in rows]
            write_safely(self._anchors, "".join(json.dumps(row) + "\n" for row in signed).encode())

    def verify(self) -> Verdict:
        """Read the whole chain and the anchors; says where it breaks."""
        previous, count = _START, 0
        anchors = {seq: digest for _, seq, digest in self._anchored()}
        with self._ledger.read() as connection:
            for row in connection.execute(sa.select(audit).order_by(audit.c.seq).execution_options(yield_per=1000)).mappings():
                entry = dict(row)
                digest = str(entry.pop("digest"))
                right = entry["seq"] == count + 1 and entry["previous"] == previous and hmac.compare_digest(digest, self._signed(entry))
                if not right or anchors.get(count + 1, digest) != digest:
                    return _broken(count, count + 1)
                previous, count = digest, count + 1
        longest = max(anchors, default=0)
        if longest > count:
            return _broken(count, count + 1)
        return Verdict(True, count, 0, Say(f"审计链完整，共 {count} 条。", f"The audit chain is whole: {count} entries."))

    def _anchor_of_the_day(self) -> None:
        if not any(day == self._anchored_on for day, _, _ in self._anchored()):
            self.anchor()

    def _anchored(self) -> list[tuple[str, int, str]]:
        """Day, number and signature of the anchors.

        Raises:
            StoreError: when the anchor file was changed.
        """
        if not self._anchors or not self._anchors.is_file():
            return []
        found = []
        for number, line in enumerate(self._anchors.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                anchor = (str(row["day"]), int(row["seq"]), str(row["digest"]))
                genuine = hmac.compare_digest(str(row["signature"]), self._signed(list(anchor)))
            except (ValueError, KeyError, TypeError):
                genuine = False
            if not genuine:
                raise StoreError(
                    Say("审计锚点文件被改动。", "The file of audit anchors was changed."),
                    got=f"{self._anchors.name}, line {number}",
                    fix=Say(
                        "从备份恢复这个文件，再运行 `zhiyin audit verify`。", "Restore it from a backup, then run `zhiyin audit verify`."
                    ),
                )
            found.append(anchor)
        return found

    def _signed(self, content: object) -> str:
        return hmac.digest(self._key, json.dumps(content, sort_keys=True, ensure_ascii=False).encode(), "sha256").hex()


def _broken(entries: int, at: int) -> Verdict:
    return Verdict(
        False,
        entries,
        at,
        Say(
            f"审计链在第 {at} 条断开：有人改动、删除或调换过记录。",
            f"The audit chain breaks at entry {at}: something was edited, removed or moved.",
        ),
    )
