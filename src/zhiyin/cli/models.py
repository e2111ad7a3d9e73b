"""The trained models on the command line: the list, a card, its page, and the approval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from zhiyin.app.reading import published, published_guard
from zhiyin.app.scores import question_words, variant_words
from zhiyin.cli import render
from zhiyin.cli.door import Door, command
from zhiyin.core.clock import utc_now
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard

if TYPE_CHECKING:
    import ibis

    from zhiyin.app.home import Home

__all__ = ["approve", "discounts", "register", "show", "table"]

_Which = Annotated[str, typer.Argument(help="Question, or id of a model. 问题，或模型号。")]
_Row = Mapping[str, object]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="The trained models: in use, refused, approved; each with its card. 训练出的模型与模型卡。")
    app.add_typer(group, name="models")
    command(group, "")(table)
    command(group, "show")(show)
    command(group, "approve")(approve)
    command(group, "discounts")(discounts)


def table(door: Door) -> None:
    """The models in use, each beside its baseline, and those that were refused. 正在使用的模型与基线对比。"""
    with door.workspace() as workspace:
        rows = workspace.models()
    door.show(rows, lambda: _table(door, rows))


def show(
    door: Door,
    which: _Which,
    *,
    html: Annotated[Path | None, typer.Option("--html", help="Write the card as a page in both languages. 写成网页。")] = None,
    tensorboard: Annotated[
        Path | None, typer.Option("--tensorboard", help="Write the training curves for TensorBoard. 训练曲线写给 TensorBoard。")
    ] = None,
) -> None:
    """The card of a model: scores, fairness, what drives it, limits, approval. 一张模型卡。"""
    from zhiyin.app.cards import answer, card_of, write_page, write_tensorboard

    with _open(door) as (home, guard, actor):
        card = card_of(home, guard, actor, which=which)
    if html:
        write_page(card, html)
    if tensorboard:
        write_tensorboard(card, tensorboard)
    door.show(answer(card), lambda: door.say(Say(card.text("zh"), card.text("en"))))
    for written in (html, tensorboard):
        if written:
            door.say(Say(f"已写到 {written}。", f"Written to {written}."))


def approve(door: Door, which: _Which) -> None:
    """Note on the card that you have read it and approve of the model. 看过模型卡后批准使用。"""
    from zhiyin.app.cards import answer
    from zhiyin.app.cards import approve as note

    with _open(door) as (home, guard, actor):
        card = note(home, guard, actor, which=which)
    done = Say(f"{card.approved_by} 批准了 {card.model_id}。", f"{card.approved_by} approved of {card.model_id}.")
    door.show(answer(card), lambda: door.say(done))


def discounts(door: Door) -> None:
    """Do protected groups of equal value get equal discounts? Exit code 4 where they certainly do not. 同等价值的各组折扣是否一样。"""
    from zhiyin.app.parity import discount_parity

    with door.home() as home, published(home, utc_now) as (view, guard):
        rows = discount_parity(home.settings, partial(_read, guard, home.actor(door.actor or "owner")), frame=view.frame)
    door.show(rows, lambda: _discounts(door, rows))
    if not all(row["ok"] for row in rows):
        raise typer.Exit(4)


def _read(guard: Guard, actor: Actor, name: str) -> ibis.Table:
    return guard.read(name, Access(actor, "measurement"))


def _discounts(door: Door, rows: Sequence[_Row]) -> None:
    if not rows:
        door.say(Say("客户资料里没有受保护的属性，或各组人太少。", "No protected attribute is known, or the groups are too small."))
        return
    shown = [
        (row["attribute"], row["group"], f"{row['difference']:+.1%}", f"{row['low']:+.1%} - {row['high']:+.1%}", "✓" if row["ok"] else "✗")
        for row in rows
    ]
    columns = "属性/Attribute, 组/Group, 折扣比同等价值的其他人/Discount beside others of equal value, 95% 区间/95 % interval, 合规/Fair"
    door.grid("各组得到的折扣/Discounts by group", columns=columns, rows=shown)


@contextmanager
def _open(door: Door) -> Iterator[tuple[Home, Guard, Actor]]:
    with door.home() as home, published_guard(home, utc_now) as guard:
        yield home, guard, home.actor(door.actor or "owner")


def _table(door: Door, rows: Sequence[_Row]) -> None:
    tongue = door.language
    shown = [
        (
            question_words(row).in_(tongue), variant_words(row["name"]).in_(tongue), row["at_on"], _figure(row["auc"]),
            _figure(row["baseline_auc"]), _state(row).in_(tongue), row["model_id"],
        )
        for row in rows
    ]  # fmt: skip
    columns = "问题/Question, 方法/Method, 截止/As of, AUC/AUC, 简单办法/Baseline, 状态/State, 模型号/Model id"
    door.grid("训练出的模型/Models", columns=columns, rows=shown)
    render.scorecard(door, [score for row in rows for score in cast("list[_Row]", row["scores"])])
    door.say(Say("模型卡：`zhiyin models show 问题`", "A card: `zhiyin models show QUESTION`"), style="dim", indent=2)


def _figure(figure: object) -> str:
    if not isinstance(figure, list) or figure[0] is None:
        return ""
    value, low, high = figure
    return f"{value:.3f}" + (f" ({low:.3f} - {high:.3f})" if low is not None else "")


def _state(row: _Row) -> Say:
    if row["state"]:
        return Say("拒绝：不公平", "refused: fairness")
    if row["approved_by"]:
        return Say(f"{row['approved_by']} 已批准", f"approved by {row['approved_by']}")
    return Say("在用", "in use")
