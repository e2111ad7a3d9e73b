"""What was set aside, inferred or proposed while data were cleaned, and what to do about it."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from zhiyin.cli.door import Door, command
from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say

__all__ = ["correct", "corrections", "quarantine", "register", "restore"]


def register(app: typer.Typer) -> None:
    """Add the commands of cleaning."""
    command(app, "quarantine")(quarantine)
    command(app, "restore")(restore)
    command(app, "corrections")(corrections)
    command(app, "correct")(correct)


def quarantine(door: Door) -> None:
    """Order lines that cannot be meant as they stand, kept apart with the reason. 隔离区：看起来写错了的订单行。."""
    from zhiyin.app.quarantine import quarantined
    from zhiyin.app.today import refuse_unless_owner

    with door.home() as home:
        refuse_unless_owner(home.actor(door.actor or "owner"))
        rows = quarantined(home)

    def shown() -> None:
        if not rows:
            door.say(Say("隔离区是空的。", "Nothing is in quarantine."))
            return
        door.grid(
            "隔离的订单行/Order lines in quarantine",
            columns="行/Row, 代码/Code, 原因/Reason",
            rows=[(row["row"], row["code"], row[f"reason_{door.language}"]) for row in rows],
        )
        door.say(
            Say(
                "没写错的：`zhiyin restore 来源:行号`，或 `zhiyin restore 代码`。",
                "What is right: `zhiyin restore SOURCE:ROW`, or `zhiyin restore CODE`.",
            ),
            style="dim",
        )

    door.show(rows, shown)


def restore(
    door: Door,
    what: Annotated[str, typer.Argument(help="SOURCE:ROW, or a code for all of them. 来源:行号，或原因代码。")],
) -> None:
    """Bring lines back from quarantine for good; the next run counts them. 从隔离区放回，永久有效。"""
    from zhiyin.app.quarantine import restore as bring_back
    from zhiyin.app.today import refuse_unless_owner

    with door.home() as home:
        refuse_unless_owner(home.actor(door.actor or "owner"))
        done = bring_back(home, what)
    sentence = Say("放回 {restored} 行，下次运行会算进去。", "Lines brought back: {restored}. The next run will count them.").fill(**done)
    door.show(done, lambda: door.say(sentence))


def corrections(
    door: Door,
    every: Annotated[bool, typer.Option("--all", help="Also those that were decided. 包括已经决定的。")] = False,
) -> None:
    """What cleaning proposes to read otherwise, and how sure it is. 清洗提出的修正建议。"""
    from zhiyin.app.corrections import corrections as proposed
    from zhiyin.app.reading import published_guard
    from zhiyin.app.today import refuse_unless_owner
    from zhiyin.core.clock import utc_now

    with door.home() as home:
        actor = home.actor(door.actor or "owner")
        refuse_unless_owner(actor)
        with published_guard(home, utc_now) as guard:
            rows = proposed(home, guard, actor, every=every)

    def shown() -> None:
        if not rows:
            door.say(Say("没有等待决定的建议。", "No proposal waits for a decision."))
            return
        tongue = door.language
        door.grid(
            "修正建议/Proposed corrections",
            columns="编号/Id, 规则/Rule, 原来/Told, 建议/Proposed, 把握/Sure, 状态/State",
            rows=[
                (row["correction_id"], f"{row['rule']} {row[f'rule_{tongue}']}", row["told"], row["proposed"],
                 f"{float(str(row['confidence'])):.0%}", _STATES[str(row["state"])].in_(tongue))
                for row in rows
            ],
        )  # fmt: skip
        door.say(
            Say(
                "`zhiyin correct accept 编号`，或 `zhiyin correct reject --all-of 规则`。",
                "`zhiyin correct accept ID`, or `zhiyin correct reject --all-of RULE`.",
            ),
            style="dim",
        )

    door.show(rows, shown)


def correct(
    door: Door,
    decision: Annotated[str, typer.Argument(help="accept or reject. 接受或拒绝。")],
    *,
    one: Annotated[str, typer.Argument(metavar="[ID]", help="One proposal. 建议编号。")] = "",
    all_of: Annotated[str, typer.Option("--all-of", help="All of a rule that wait. 某条规则的全部建议。")] = "",
) -> None:
    """Accept or reject a proposal; the rule learns from it, the next run reads it. 接受或拒绝修正建议。"""
    from zhiyin.app.corrections import decide
    from zhiyin.app.today import refuse_unless_owner

    if decision not in ("accept", "reject"):
        raise UsageError(
            Say("要写 accept（接受）或 reject（拒绝）。", "Say accept or reject."),
            got=decision,
            fix=Say("例如 `zhiyin correct accept 编号`。", "For example `zhiyin correct accept ID`."),
        )
    with door.home() as home:
        actor = home.actor(door.actor or "owner")
        refuse_unless_owner(actor)
        done = decide(home, actor, accepted=decision == "accept", one=one, all_of=all_of)

    def shown() -> None:
        if decision == "accept":
            door.say(
                Say("接受了 {decided} 条，下次运行起按修正后的读。", "Accepted: {decided}. From the next run on they are read.").fill(
                    **done
                )
            )
        else:
            door.say(Say("拒绝了 {decided} 条，原值不变。", "Rejected: {decided}. What was told stays.").fill(**done))
        for rule in cast("list[str]", done["stopped"]):
            door.say(
                Say(f"规则 {rule} 被拒绝得太多，不再提建议。", f"The rule {rule} was rejected too often and proposes nothing any more.")
            )

    door.show(done, shown)


_STATES = {
    "proposed": Say("等待决定", "waits"),
    "accepted": Say("已接受", "accepted"),
    "rejected": Say("已拒绝", "rejected"),
}
