"""Suspicious orders and transfers on the command line: the queue, and what a person says to a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhiyin.cli.door import Door, command
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from zhiyin.app.rows import Rows
    from zhiyin.guard.access import Actor, Guard

__all__ = ["register", "risk_clear", "risk_confirm", "risk_list"]

_Case = Annotated[str, typer.Argument(help="Case on the queue. 案件号。")]
_Reason = Annotated[str, typer.Option("--reason", help="Why (it is kept). 原因，会保留。")]
_LEVELS = {"high": Say("高", "high"), "look": Say("留意", "look")}
_STATES = {"open": Say("等复核", "open"), "confirmed": Say("确认欺诈", "confirmed"), "cleared": Say("已排除", "cleared")}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Suspicious orders and transfers, for a person to decide. 可疑订单与转账，由人决定。", no_args_is_help=True)
    app.add_typer(group, name="risk")
    command(group, "list")(risk_list)
    command(group, "confirm")(risk_confirm)
    command(group, "clear")(risk_clear)


def risk_list(
    door: Door,
    *,
    every: Annotated[bool, typer.Option("--all", help="Also those that were decided. 包括已经决定的。")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many (0: all). 最多几起。")] = 20,
) -> None:
    """Cases that look as if the customer had not done it, the surest first. 看起来不像本人所为的交易，最可疑的在前。"""
    from zhiyin.app.risks import risks

    with _open(door) as (home, guard, actor):
        rows = risks(home, guard, actor, every=every)
    door.show(rows[: limit or None], lambda: _listed(door, rows, limit=limit))


def risk_confirm(door: Door, *, case: _Case, reason: _Reason = "") -> None:
    """It is fraud: the customer gets no offers, and the models learn. 确认是欺诈。"""
    _decide(door, case, confirmed=True, reason=reason)


def risk_clear(door: Door, *, case: _Case, reason: _Reason = "") -> None:
    """It was the customer: the case is closed, and the models learn. 是客户本人，排除嫌疑。"""
    _decide(door, case, confirmed=False, reason=reason)


@contextmanager
def _open(door: Door) -> Iterator[tuple[Any, Guard, Actor]]:
    from zhiyin.app.reading import published_guard
    from zhiyin.core.clock import utc_now

    with door.home() as home, published_guard(home, utc_now) as guard:
        yield home, guard, home.actor(door.actor or "owner")


def _decide(door: Door, case: str, *, confirmed: bool, reason: str) -> None:
    from zhiyin.app.risks import decide

    with _open(door) as (home, guard, actor):
        done = decide(home, guard, actor, case=case, confirmed=confirmed, reason=reason)
    words = Say(
        "已确认是欺诈，共 {acts} 笔；客户不再收到推荐。", "Confirmed as fraud, acts: {acts}; the customer gets no offers."
    ) if confirmed else Say("已排除嫌疑，共 {acts} 笔；下次运行起照常。", "Cleared, acts: {acts}; from the next run on as before.")  # fmt: skip
    door.show(done, lambda: door.say(words.fill(acts=done["acts"])))


def _listed(door: Door, rows: Rows, *, limit: int) -> None:
    if not rows:
        door.say(Say("没有等人复核的可疑交易。", "No suspicious orders or transfers wait for a person."))
        return
    door.grid(
        "可疑交易/Suspicious orders and transfers",
        columns="案件/Case, 级别/Level, 客户/Customer, 日期/Days, 笔数/Acts, 金额/Amount, 理由/Reason, 状态/State",
        rows=[_cells(row, door) for row in rows[: limit or None]],
    )
    for note in rows.notes:
        door.say(note, style="dim")
    door.say(Say("`zhiyin risk confirm 案件` 或 `zhiyin risk clear 案件`。", "`zhiyin risk confirm CASE`, or `zhiyin risk clear CASE`."))


def _cells(row: Mapping[str, object], door: Door) -> tuple[object, ...]:
    days = str(row["first_on"]) if row["first_on"] == row["last_on"] else f"{row['first_on']} - {row['last_on']}"
    level, state = _LEVELS[str(row["level"])].in_(door.language), _STATES[str(row["state"])].in_(door.language)
    who = f"{row['name']} {row['customer_id']}".strip()
    return row["case_id"], level, who, days, row["acts"], row["amount_text"], row[f"reason_{door.language}"], state
