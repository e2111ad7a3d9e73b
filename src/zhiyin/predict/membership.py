"""Who came into a group, who left it, and when? The history that each run goes on with, only those rows that change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ibis

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

__all__ = ["Moves", "moves"]

_GROUP = ["customer_id", "scheme", "segment_id"]


class Moves(NamedTuple):
    """What a run changes in the history.

    Args:
        amended: rows of `membership` that are new, or whose end changed.
        removed: rows that an earlier run of the same day began and this one takes back.
    """

    amended: Table
    removed: Table


def moves(membership: Table, today: Table, *, at: date) -> Moves:
    """What changes in the history when these customers are in these groups on the day `at`.

    A second run of the same day corrects the first: applied to the history that it left, the result is the history that
    this run alone would have made. The work is two joins with what is open; the history itself is not written anew.

    Args:
        membership: the history up to the day; nothing in it is of a later day.
        today: `customer_id`, `scheme`, `segment_id`, each once.
        at: the day of the list.
    """
    day = ibis.date(at)
    until = membership["until_on"]
    open_ = membership.filter((membership["since_on"] < day) & (until.isnull() | (until == day)))
    begun = membership.filter(membership["since_on"] == day)
    entered = today.anti_join(open_, _GROUP)
    gone = open_.anti_join(today, _GROUP)
    back = open_.filter(open_["until_on"].notnull()).semi_join(today, _GROUP)
    nothing = ibis.null("date")
    amended = ibis.union(
        entered.anti_join(begun, _GROUP).select(*_GROUP, since_on=day, until_on=nothing),
        gone.filter(gone["until_on"].isnull()).select(*_GROUP, "since_on", until_on=day),
        back.select(*_GROUP, "since_on", until_on=nothing),
    )
    return Moves(amended, begun.anti_join(entered, _GROUP))
