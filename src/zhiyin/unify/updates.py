"""What do we know of a record or a product after a newer import has spoken of it again?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from zhiyin.core.tables import TABLES

if TYPE_CHECKING:
    from ibis import Table

__all__ = ["UPDATED", "amendments", "updated"]

# Tables that say what somebody or something is like, not what happened: a later import may complete or correct them.
UPDATED = ("record", "product", "attribute", "campaign", "fill")
_STAYS = ("source", "kind", "batch_id", "source_row")  # where the row came from does not change


def updated(known: Table, new: Table, *, name: str) -> Table:
    """The known rows of a table with what newer rows say about them, and the new rows.

    A newer statement wins where it says anything, an empty one changes nothing; `since_on` is the earliest of both. Both have
    the key once a row. Saying the same again changes nothing. Where a row came from stays, but an attribute is where its value is from.

    Args:
        known: rows of the table.
        new: rows of the same table from a later import.
        name: the table, one of `UPDATED`.
    """
    table = TABLES[name]
    theirs = new.rename({f"new_{column}": column for column in table.names})
    stays = table.key if name == "attribute" else (*table.key, *_STAYS)
    joined = known.outer_join(theirs, [known[column] == theirs[f"new_{column}"] for column in table.key])
    return joined.select(**{column: _latest(joined, column, stays=column in stays) for column in table.names})


def amendments(known: Table, new: Table, *, name: str) -> Table:
    """The rows of `updated` that differ from the known ones: most rows of a later import say nothing new of anybody."""
    met = known.semi_join(new, list(TABLES[name].key))
    return updated(met, new, name=name).difference(met)


def _latest(joined: Table, column: str, *, stays: bool) -> ibis.Value:
    old, new = joined[column], joined[f"new_{column}"]
    if column == "since_on":
        return ibis.coalesce(ibis.least(old, new), old, new)
    return ibis.coalesce(old, new) if stays else ibis.coalesce(new, old)
