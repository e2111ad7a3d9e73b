"""What people allowed or refused a moment ago: it holds at once, not from the next run on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhiyin.unify.clean import Typed

__all__ = ["consents_told"]


def consents_told(typed: Iterable[tuple[str, Typed]]) -> Iterator[dict[str, object]]:
    """The consents among facts, as rows of the ledger; a record stands for its customer there."""
    for source, facts in typed:
        if "consent" in facts.tables:
            for row in facts.tables["consent"].to_pylist():
                if row["allowed"] is not None and row["since_on"] is not None:
                    about = {"customer_id": row["record_id"], "channel": row["channel"], "at": row["since_on"].isoformat()}
                    yield about | {"allowed": row["allowed"], "by": source}
