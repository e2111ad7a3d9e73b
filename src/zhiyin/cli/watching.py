"""What the run noticed, on the command line: rushes and who was told of them, needs that shifted, what to order."""

from __future__ import annotations

from typing import Annotated

import typer

from zhiyin.cli.door import Door, command
from zhiyin.core.words import Say

__all__ = ["alerts_list", "alerts_send", "register", "shifts", "stock"]

_Limit = Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many (0: all). 最多几行。")]
_STATES = {"waiting": Say("等待", "waiting"), "sent": Say("已送达", "delivered"), "failed": Say("失败", "failed")}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "stock")(stock)
    command(app, "shifts")(shifts)
    group = typer.Typer(help="Rushes on a channel, and the departments that are told. 需求激增与通知部门。", no_args_is_help=True)
    app.add_typer(group, name="alerts")
    command(group, "list")(alerts_list)
    command(group, "send")(alerts_send)


def stock(
    door: Door,
    *,
    every: Annotated[bool, typer.Option("--all", help="Also what lasts. 包括够用的。")] = False,
    limit: _Limit = 20,
) -> None:
    """How much to order of what runs out, with the reason. 补货建议：订多少、为什么。"""
    from zhiyin.app.reading import published_guard
    from zhiyin.app.stocked import suggestions
    from zhiyin.core.clock import utc_now

    with door.home() as home, published_guard(home, utc_now) as guard:
        rows = suggestions(guard, home.actor(door.actor or "owner"), every=every)

    def shown() -> None:
        if not rows:
            door.say(rows.notes[0] if rows.notes else Say("都够用，暂时不用订。", "Everything lasts; there is nothing to order."))
            return
        cells = [
            (
                row["product_id"],
                row["product"],
                f"{row['pieces']:,.0f}",
                f"{row['daily']:.2f}",
                row["quantity"],
                row[f"reason_{door.language}"],
            )
            for row in rows[: limit or None]
        ]
        door.grid("补货建议/To order", columns="商品/Product, 名称/Name, 库存/Stock, 日均/A day, 订货/Order, 理由/Reason", rows=cells)

    door.show(rows[: limit or None], shown)


def shifts(door: Door, limit: _Limit = 20) -> None:
    """Customers who have turned to something else of late, for a follow-up. 需求转变的客户，值得跟进。"""
    from zhiyin.app.reading import published_guard
    from zhiyin.app.shifted import shifted
    from zhiyin.core.clock import utc_now

    with door.home() as home, published_guard(home, utc_now) as guard:
        rows = shifted(guard, home.actor(door.actor or "owner"), limit=limit)

    def shown() -> None:
        if not rows:
            door.say(Say("最近没有客户的需求明显转变。", "No customer has clearly turned to something else of late."))
            return
        columns = "客户/Customer, 发现/Noticed, 起于/Since, 原来/Before, 现在/Now, 行为数/Acts, 建议商品/Product"
        cells = [
            (
                f"{row['name']} {row['customer_id']}".strip(),
                *(row[name] for name in ("noticed_on", "shifted_on", "before", "after", "evidence", "product")),
            )
            for row in rows
        ]
        door.grid("需求转变/Needs that shifted", columns=columns, rows=cells)

    door.show(rows, shown)


def alerts_list(door: Door, limit: _Limit = 20) -> None:
    """Rushes on a channel, the newest first, and what became of the messages. 需求激增，及通知是否送达。"""
    from zhiyin.app.departments import undelivered
    from zhiyin.app.reading import published_guard
    from zhiyin.app.rushes import rushes
    from zhiyin.core.clock import utc_now

    with door.home() as home, published_guard(home, utc_now) as guard:
        found = rushes(guard, home.actor(door.actor or "owner"), limit=limit)
        sent = undelivered(home)

    def shown() -> None:
        if not found:
            door.say(Say("没有需求激增。", "There was no rush."))
        for row in found:
            door.say(Say(str(row["sentence_zh"]), str(row["sentence_en"])))
        if sent:
            columns = "消息/Message, 部门/Department, 方式/Way, 主题/Subject, 状态/State, 次数/Tries, 回答/Answer"
            cells = [
                (
                    row["message_id"],
                    row["department"],
                    row["way"],
                    row["subject"],
                    _STATES[str(row["state"])].in_(door.language),
                    row["tries"],
                    row["answer"],
                )
                for row in sent[: limit or None]
            ]
            door.grid("通知/Messages", columns=columns, rows=cells)
        for note in sent.notes:
            door.say(note, style="dim")

    door.show({"rushes": found, "messages": sent[: limit or None], "notes": [note._asdict() for note in sent.notes]}, shown)


def alerts_send(
    door: Door,
    again: Annotated[bool, typer.Option("--again", help="Also what has failed for good. 连已放弃的也再试。")] = False,
) -> None:
    """Deliver the messages that are due, as `zhiyin serve` does by itself. 立即发送到期的通知。"""
    from zhiyin.app.departments import deliver, try_again
    from zhiyin.app.today import refuse_unless_owner

    with door.home() as home:
        refuse_unless_owner(home.actor(door.actor or "owner"))
        if again:
            try_again(home)
        done = deliver(home)
    words = Say(
        "送达 {sent} 条，待重试 {waiting} 条，失败 {failed} 条。", "Delivered: {sent}; to be tried again: {waiting}; failed: {failed}."
    )
    door.show(done, lambda: door.say(words.fill(**done)))
