"""Events on the command line: serve, key, refused, replay, and the export of what came."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhiyin.cli.door import Door, command
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from zhiyin.app.home import Home

__all__ = ["register"]

own = typer.Typer()
keys = typer.Typer(help="Who may send events or ask for recommendations. 谁可以发送事件、读取推荐。", no_args_is_help=True)
own.add_typer(keys, name="key")
_Name = Annotated[str, typer.Argument(help="The site, app or server that sends. 发送方的名字。")]


def register(app: typer.Typer) -> None:
    """Enter the commands of this file."""
    app.registered_commands.extend(own.registered_commands)
    app.registered_groups.extend(own.registered_groups)


@contextlib.contextmanager
def _owned(door: Door) -> Iterator[Home]:
    """The workspace, for its owner.

    Raises:
        PrivacyError: for anybody else.
    """
    from zhiyin.app.today import refuse_unless_owner

    with door.home() as home:
        refuse_unless_owner(home.actor(door.actor or "owner"))
        yield home


@command(own, "serve")
def serve(
    door: Door,
    host: Annotated[str, typer.Option("--host", help="Address (default: the setting serve.host). 地址。")] = "",
    port: Annotated[int, typer.Option("--port", "-p", help="Port, 0 for a free one (default: serve.port). 端口。")] = -1,
) -> None:
    """Take events in over HTTP, and keep the customers' live view, until Ctrl-C. 接收事件，直到按 Ctrl-C。"""
    from zhiyin.api.server import serve as start
    from zhiyin.app.write_keys import keys_of

    given = {name: value for name, value in (("host", host), ("port", port)) if value not in ("", -1)}
    with _owned(door) as opened, contextlib.closing(opened.with_serving(given)) as home:
        has_key = any(not key.revoked_at and key.kind == "write" for key in keys_of(home.ledger))

        def started(address: str) -> None:
            door.show({"listening": address, "pid": os.getpid()}, lambda: _welcome(door, address, has_key))

        start(home, started=started)
        door.say(Say("已停止；收到的事件都已写入磁盘。", "Stopped; every event that was acknowledged is on the disk."))


def _welcome(door: Door, address: str, has_key: bool) -> None:
    door.say(Say(f"正在接收事件：{address}（按 Ctrl-C 停止）", f"Taking events in at {address} (Ctrl-C stops)"))
    if not has_key:
        door.say(
            Say(
                "还没有写入密钥：在另一个窗口运行 `zhiyin key add 网站名 --system 系统名`。",
                "There is no write key yet: run `zhiyin key add NAME --system SYSTEM` in another window.",
            )
        )
    door.say(Say("试一试：", "Try:"))
    door.copyable(
        f"curl -u zyw_...: -H 'Content-Type: application/json' {address}/v1/track"
        """ -d '{"userId": "42", "event": "Product Viewed", "properties": {"product_id": "p1"}}'"""
    )


@command(keys, "add")
def key_add(
    door: Door,
    name: _Name,
    system: Annotated[
        str,
        typer.Option("--system", help="Whose customer ids it sends (default: as its other keys, else the name). 客户号属于哪个系统。"),
    ] = "",
    read: Annotated[
        bool, typer.Option("--read", help="Asks for recommendations instead: for your server, never for a page. 读取推荐，只放在服务器上。")
    ] = False,
) -> None:
    """Make a key that sends events, or with --read one that asks for recommendations; it is shown once. 生成密钥，只显示一次。"""
    from zhiyin.app.write_keys import add_key, systems

    with _owned(door) as home:
        key = add_key(home.ledger, name, system=system, reads=read)
        belongs = systems(home.ledger)[name]
    once = Say("请现在保存：只保留摘要，以后不再显示。", "Keep it now: only its digest is stored, and it is not shown again.")
    door.show(
        {"name": name, "system": belongs, "kind": "read" if read else "write", "key": key},
        lambda: [door.copyable(key), door.say(once)],  # type: ignore[func-returns-value]
    )


@command(keys, "list")
def key_list(door: Door) -> None:
    """Keys, by their beginnings. 密钥列表。"""
    from zhiyin.app.write_keys import keys_of

    with _owned(door) as home:
        rows = [key._asdict() for key in keys_of(home.ledger)]
    door.show(
        rows,
        lambda: door.grid(
            "密钥/Keys",
            columns="名字/Name, 系统/System, 开头/Begins, 生成于/Made, 收回于/Taken back, 类型/Kind",
            rows=[list(row.values()) for row in rows],
        ),
    )


@command(keys, "revoke")
def key_revoke(door: Door, name: Annotated[str, typer.Argument(help="A name, or the beginning of one key. 名字或密钥开头。")]) -> None:
    """Take keys back; a running `zhiyin serve` knows within a second. 收回密钥。"""
    from zhiyin.app.write_keys import revoke

    with _owned(door) as home:
        count = revoke(home.ledger, name)
    door.show({"revoked": count}, lambda: door.say(Say(f"已收回 {count} 个密钥。", f"Took back {count} keys.")))


@command(own, "refused")
def refused(door: Door) -> None:
    """Events that were not taken: how many, why, and where an example stands. 没有收下的事件与原因。"""
    from zhiyin.app.refused import refused_events

    with _owned(door) as home:
        rows = refused_events(home, door.language)
    door.show(rows, lambda: _refused(door, rows))


def _refused(door: Door, rows: Sequence[Mapping[str, object]]) -> None:
    if not rows:
        door.say(Say("没有被拒收的事件。", "No event was refused."))
        return
    door.grid(
        "没有收下的事件/Refused events",
        columns="来源/Source, 环节/Stage, 代码/Code, 原因/Why, 个数/Count, 例子/Example",
        rows=[list(row.values()) for row in rows],
    )
    door.say(
        Say(
            "原因消除以后，用 `zhiyin replay --code 代码` 重新处理。",
            "Once the reason is gone, `zhiyin replay --code CODE` takes them again.",
        )
    )


@command(own, "replay")
def replay(
    door: Door,
    code: Annotated[str, typer.Option("--code", help="Only those with this code. 只处理这个代码。")] = "",
    stage: Annotated[str, typer.Option("--stage", help="Only those of this stage: door, meaning, projection. 环节。")] = "",
) -> None:
    """Try refused events again. 重新处理没有收下的事件。"""
    from zhiyin.app.replaying import replay as again

    with _owned(door) as home:
        done = again(home, code=code, stage=stage)
    left = done.tried - done.taken
    told = Say(
        f"试了 {done.tried} 个：收下 {done.taken} 个，仍拒收 {left} 个。",
        f"Tried {done.tried}: {done.taken} taken, {left} still refused.",
    )
    door.show(done.answer(), lambda: door.say(told))


@command(own, "export-events")
def export_events(
    door: Door,
    file: Annotated[Path, typer.Argument(help="A Parquet file. Parquet 文件。")],
    reason: Annotated[str, typer.Option("--reason", help="Why; written to the audit log. 原因，记入审计。")] = "",
) -> None:
    """The events as they came, word for word, as Parquet (audited). 导出原始事件（记入审计）。"""
    from zhiyin.app.raw_events import export_events as export

    with _owned(door) as home:
        count = export(home, home.actor(door.actor or "owner"), file=file, reason=reason)
    told = Say(
        f"已写出 {count} 个事件：{file}。里面有个人信息，请妥善保管。",
        f"Wrote {count} events to {file}. They are personal data: keep them safe.",
    )
    door.show({"file": str(file), "events": count}, lambda: door.say(told))
