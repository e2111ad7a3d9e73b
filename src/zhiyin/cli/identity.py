"""Who is who on the command line: why, merge, unmerge, review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from zhiyin.app.identity_words import KINDS
from zhiyin.cli.door import Door, command
from zhiyin.core.words import Say
from zhiyin.guard.access import Actor

if TYPE_CHECKING:
    from zhiyin.app.known import Reader

__all__ = ["merge", "register", "review_accept", "review_list", "review_reject", "sentence", "unmerge", "why"]

_One = Annotated[str, typer.Argument(help="Customer id, record id, or the id in your own system. 客户号、档案号或您系统里的编号。")]
_Reason = Annotated[str, typer.Option("--reason", help="Why (it stands in the log). 原因，记入日志。")]
_Number = Annotated[int, typer.Argument(help="Number on the review list. 复核名单上的编号。")]
_Row = Mapping[str, Any]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "why")(why)
    command(app, "merge")(merge)
    command(app, "unmerge")(unmerge)
    reviewing = typer.Typer(help="Pairs that are left to a person. 等人复核的配对。", no_args_is_help=True)
    app.add_typer(reviewing, name="review")
    command(reviewing, "list")(review_list)
    command(reviewing, "accept")(review_accept)
    command(reviewing, "reject")(review_reject)


def why(door: Door, *, one: _One, other: _One) -> None:
    """Why are two one customer, or why not: evidence for and against, with weights. 为什么是（或不是）同一个人。"""
    from zhiyin.app.identity import why as tell

    with _open(door) as (home, read, actor):
        told = tell(home, read, actor, one=one, other=other)
    door.show(told, lambda: _why(door, told))


def merge(door: Door, *, one: _One, other: _One, reason: _Reason = "") -> None:
    """Say that two are one customer; `unmerge` with the same two undoes it exactly. 合并两位客户；可以原样撤销。"""
    from zhiyin.app.identity import merge as decide

    with _open(door) as (home, read, actor):
        done = decide(home, read.guard, actor, one=one, other=other, reason=reason)
    door.show(done, lambda: _done(door, done))


def unmerge(door: Door, *, one: _One, other: _One, reason: _Reason = "") -> None:
    """Say that two are not one customer; comparing never joins them again. 拆开两位客户；以后也不会自动合并。"""
    from zhiyin.app.identity import unmerge as decide

    with _open(door) as (home, read, actor):
        done = decide(home, read.guard, actor, one=one, other=other, reason=reason)
    door.show(done, lambda: _done(door, done))


def review_list(
    door: Door, limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many (0: all). 最多几对。")] = 20
) -> None:
    """Pairs that the evidence leaves open, the likeliest first. 证据不足以下结论的配对，最可能的在前。"""
    from zhiyin.app.identity import review

    with _open(door) as (home, read, actor):
        rows = review(home, read.guard, actor, limit=limit)
    door.show(rows, lambda: _listed(door, rows))


def review_accept(door: Door, number: _Number) -> None:
    """It is one person. 是同一个人。"""
    from zhiyin.app.identity import accept

    with _open(door) as (home, read, actor):
        done = accept(home, read.guard, actor, number=number)
    door.show(done, lambda: _done(door, done))


def review_reject(door: Door, number: _Number) -> None:
    """They are two persons. 是两个人。"""
    from zhiyin.app.identity import reject

    with _open(door) as (home, read, actor):
        done = reject(home, read.guard, actor, number=number)
    door.show(done, lambda: _done(door, done))


@contextmanager
def _open(door: Door) -> Iterator[tuple[Any, Reader, Actor]]:
    from zhiyin.app.known import Reader
    from zhiyin.app.reading import published
    from zhiyin.core.clock import utc_now

    with door.home() as home, published(home, utc_now) as (view, guard):
        yield home, Reader(guard, view.frame), home.actor(door.actor or "owner")


def sentence(row: _Row) -> Say:
    """A pair in one sentence: 手机号相同 (+17.4), 姓名同音不同字 (+4.5) ... = +6.2: 98.6 %."""
    parts = cast("Sequence[_Row]", row["findings"])
    zh = "；".join(f"{part['zh']}（{part['bits']:+.1f}）" for part in parts)
    en = "; ".join(f"{part['en']} ({part['bits']:+.1f})" for part in parts)
    total = f"{row['bits']:+.1f}"
    return Say(f"{zh}；合计 {total} 比特，同一人的可能 {row['probability']:.1%}。", f"{en}; altogether {total} bits, one person with {row['probability']:.1%}.")  # fmt: skip


def _why(door: Door, told: _Row) -> None:
    for side in ("left", "right"):
        _side(door, cast("_Row", told[side]))
    door.say(
        Say("是同一位客户。", "They are one customer.") if told["together"] else Say("不是同一位客户。", "They are not one customer."),
        style="bold",
    )
    parts = cast("Sequence[_Row]", told["findings"])
    for heading, chosen in (
        (Say("支持：", "For:"), [part for part in parts if part["bits"] > 0]),
        (Say("反对：", "Against:"), [part for part in parts if part["bits"] <= 0]),
    ):
        door.say(heading)
        for part in chosen:
            door.say(Say(f"  {part['bits']:+.1f}  {part['zh']}", f"  {part['bits']:+.1f}  {part['en']}"), indent=8)
    kind = KINDS[str(told["kind"])]
    door.say(Say(
        f"合计 {told['bits']:+.1f} 比特：同一人的可能 {told['probability']:.1%}；{told['link_from']:+.0f} 起合并，{told['review_from']:+.0f} 起请人复核。只看这两份档案：{kind.zh}。",
        f"Altogether {told['bits']:+.1f} bits: one person with {told['probability']:.1%}; linked from {told['link_from']:+.0f}, asked about from {told['review_from']:+.0f}. By these two records alone: {kind.en}.",
    ))  # fmt: skip
    decision = cast("_Row | None", told["decision"])
    if decision:
        words, at = KINDS[str(decision["kind"])], str(decision["at"])[:16].replace("T", " ")
        door.say(Say(
            f"决定：{words.zh}，{decision['by']}，{at}，原因：{decision['reason'] or '未写'}。",
            f"Decision: {words.en}, {decision['by']}, {at}, reason: {decision['reason'] or 'none given'}.",
        ))  # fmt: skip
    for step in cast("Sequence[_Row]", told["path"]) if len(cast("Sequence[_Row]", told["path"])) > 1 else ():
        words = KINDS[str(step["kind"])]
        door.say(Say(f"  {step['from']} - {step['to']}：{words.zh}（{step['bits']:+.1f}）", f"  {step['from']} - {step['to']}: {words.en} ({step['bits']:+.1f})"), style="dim")  # fmt: skip


def _side(door: Door, side: _Row) -> None:
    told = ", ".join(str(side[name]) for name in ("source", "name", "phone", "masked_phone", "email", "address") if side.get(name))
    door.say(
        Say(f"{side['record_id']}（客户 {side['customer_id']}）：{told}", f"{side['record_id']} (customer {side['customer_id']}): {told}")
    )


def _done(door: Door, done: _Row) -> None:
    customers = cast("Mapping[str, Sequence[str]]", done["records"])
    for customer, records in customers.items():
        door.say(Say(f"客户 {customer}：{len(records)} 份档案。", f"Customer {customer}: {len(records)} records."))
    door.say(Say("已记入合并日志，马上生效；名单和预测在下次 `zhiyin run` 更新。", "In the merge log, in force at once; list and predictions follow with the next `zhiyin run`."))  # fmt: skip


def _listed(door: Door, rows: Sequence[_Row]) -> None:
    if not rows:
        door.say(Say("没有等待复核的配对。", "Nothing is left to a person."))
    for row in rows:
        door.say(Say(f"[{row['id']}]", f"[{row['id']}]"), style="bold")
        for side in ("left", "right"):
            _side(door, cast("_Row", row[side]))
        door.say(sentence(row), indent=2)
    for note in getattr(rows, "notes", ()):
        door.say(note, style="dim")
