"""Every answer reads the published generation through the guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.app.home import Home
from zhiyin.app.whole import whole_of
from zhiyin.core.clock import Clock
from zhiyin.core.errors import NotFound, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Guard
from zhiyin.store.lake import LakeView
from zhiyin.store.live import LiveRows

if TYPE_CHECKING:
    import ibis
    import pandas as pd

__all__ = ["Generation", "customer_of", "guard_over", "published", "published_guard"]

_ASKED_BY = ("source_key", "anonymous_id")


class Generation(NamedTuple):
    """One open generation: the guard over it, what runs its relations, day and moment at which it is read; None where that does not matter."""

    guard: Guard
    frame: Callable[[ibis.Table], pd.DataFrame]
    day: date | None = None
    now: datetime | None = None


@contextmanager
def published(home: Home, clock: Clock) -> Iterator[tuple[LakeView, Guard]]:
    """What was published last, to run relations on, and the guard that gives them.

    Where events came before anything was published, every table is there and empty.

    Raises:
        NotFound: when nothing was published yet and nothing came.
    """
    current, base = home.lake.current(), LiveRows(home.ledger).base()
    if current is None and base is None:
        raise NotFound(
            Say("这个工作区还没有数据。", "This workspace has no data yet."),
            fix=Say("先 `zhiyin import`，再 `zhiyin run`。", "First `zhiyin import`, then `zhiyin run`."),
        )
    with home.lake.open() if current else home.lake.empty() as view:
        if base is not None and base.snapshot != view.snapshot:
            _go_on_from(home, view)
        yield view, guard_over(home, view, clock=clock)


def _go_on_from(home: Home, view: LakeView) -> None:
    """Something was published, and nobody has looked since: what came after it goes on from there, so that nothing counts twice."""
    from zhiyin.app.live import rebase

    rebase(home, view)


@contextmanager
def published_guard(home: Home, clock: Clock) -> Iterator[Guard]:
    """The guard over what was published last.

    Raises:
        NotFound: when nothing was published yet.
    """
    with published(home, clock) as (_, guard):
        yield guard


def guard_over(home: Home, view: LakeView, *, clock: Clock) -> Guard:
    """The guard over one generation, published or being built."""
    privacy = home.settings.privacy
    return Guard(
        view,
        home.ledger,
        home.vault,
        smallest_group=privacy.smallest_group,
        manager_sees_rows=privacy.manager_sees_rows,
        clock=clock,
    )


def customer_of(home: Home, guard: Guard, access: Access, *, said: str) -> str:
    """The customer that a reader means: a customer id, a record id that was merged, or the id in the company's own system or of a browser.

    Raises:
        PrivacyError: when the actor may not ask about one customer, whether or not it exists.
        NotFound: when there is none that the actor may see.
        UsageError: when several systems gave the id to different customers.
    """
    guard.may_ask_for_one(access)
    records = [record for column in _ASKED_BY for record in home.vault.find(column, said)]
    in_sight = guard.whose([said, *records], access)
    wholes = {record: whole_of(home, guard, record=record) for record in in_sight}
    found = sorted({whole.customer_id if whole else in_sight[record] for record, whole in wholes.items()})
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            Say("不止一位客户用这个编号。", "Several customers have this id."),
            got=listed(found),
            fix=Say("用其中一个客户号再试一次。", "Ask again with one of these customer ids."),
        )
    raise NotFound(
        Say("没有这位客户，或不在您可以查看的范围内。", "There is no such customer, or not one that you may see."),
        fix=Say("核对客户号；`zhiyin today` 列出您的客户。", "Check the id; `zhiyin today` lists your customers."),
    )
