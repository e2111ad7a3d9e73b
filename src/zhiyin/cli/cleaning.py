"""What was set aside, inferred or proposed while data were cleaned, and what to do about it."""

from __future__ import annotations

from typing import Annotated

import typer

from zhiyin.cli.door import Door, command
from zhiyin.core.words import Say

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands of cleaning."""
    command(app, "quarantine")(quarantine)
    command(app, "restore")(restore)


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
    """Bring lines back from quarantine for good; the next run counts them. 从隔离区放回，永久有效。."""
    from zhiyin.app.quarantine import restore as bring_back
    from zhiyin.app.today import refuse_unless_owner

    with door.home() as home:
        refuse_unless_owner(home.actor(door.actor or "owner"))
        done = bring_back(home, what)
    sentence = Say("放回 {restored} 行，下次运行会算进去。", "Lines brought back: {restored}. The next run will count them.").fill(**done)
    door.show(done, lambda: door.say(sentence))
