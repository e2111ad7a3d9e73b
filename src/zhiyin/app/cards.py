"""The cards of the trained models: which are in use, which were refused, who approved of what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from zhiyin.app.home import Home
from zhiyin.app.model_page import model_page
from zhiyin.app.rows import Rows
from zhiyin.app.today import models
from zhiyin.core.clock import Clock, utc_now
from zhiyin.core.errors import NotFound, PrivacyError, StoreError, UsageError, listed
from zhiyin.core.files import disk_errors, write_safely
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.learn.card import REFUSED, Card

__all__ = ["APPROVERS", "answer", "approve", "card_of", "listed_cards", "write_page", "write_tensorboard"]

APPROVERS = ("owner", "manager", "admin")


def listed_cards(home: Home, guard: Guard, actor: Actor) -> Rows:
    """The models in use, each beside its baseline, and after them those that were refused, the newest of each question.

    Columns of `model`, `scores`, `auc` and `baseline_auc` (value, low, high; None where there is none), `state`, `approved_by`, `approved_at`.
    """
    used = models(guard, actor, currency=home.settings.currency)
    rows = [{**row, **_told(_card_as_kept(home, row))} for row in used]
    return Rows([*rows, *({**_row(card), "scores": [], **_told(card)} for card in _refused(home))])


def _card_as_kept(home: Home, row: Mapping[str, object]) -> Card:
    """The card on the shelf, which knows who approved; that of the generation where the model was pruned or is damaged."""
    try:
        return home.shelf.card(str(row["model_id"]))
    except (NotFound, StoreError):
        return Card.from_json(str(row["card"]))


def _row(card: Card) -> dict[str, object]:
    row = {name: getattr(card, name) for name in ("model_id", "question", "name", "snapshot", "at_on")}
    return {**row, "at_on": str(card.at_on or ""), "card": card.to_json()}


def _told(card: Card) -> dict[str, object]:
    figures = card.baseline.metrics if card.baseline else {}
    return {
        "auc": _known(card.metrics.get("auc")),
        "baseline_auc": _known(figures.get("auc")),
        "state": card.state,
        "approved_by": card.approved_by,
        "approved_at": card.approved_at.isoformat(timespec="minutes") if card.approved_at else "",
    }


def _known(figure: tuple[float, ...] | None) -> list[float | None] | None:
    return None if figure is None else [part if part == part else None for part in figure]  # noqa: PLR0124 - NaN is no JSON


def _refused(home: Home) -> list[Card]:
    """The newest refused model of each question, where none of a later day passed: rates that took its place are of the same day."""
    newest: dict[tuple[str, bool], Card] = {}
    for model_id in home.shelf.list():
        try:
            card = home.shelf.card(model_id)
        except StoreError:
            continue
        newest[card.question, card.state == REFUSED] = card
    refused = [card for (_, is_refused), card in sorted(newest.items()) if is_refused]
    return [card for card in refused if (passed := newest.get((card.question, False))) is None or _day(card) >= _day(passed)]


def _day(card: Card) -> date:
    return card.at_on or date.min


def card_of(home: Home, guard: Guard, actor: Actor, *, which: str) -> Card:
    """The card of the model in use for a question, or of any model on the shelf by its id.

    Raises:
        NotFound: when there is neither; lists those that exist.
        PrivacyError: when the actor may not see models.
        StoreError: when the model is damaged.
    """
    rows = guard.rows("model", Access(actor, "measurement"), where={}, order="question")
    for row in rows:
        if which in (row["question"], row["model_id"]):
            return _card_as_kept(home, row)
    if which in home.shelf.list():
        return home.shelf.card(which)
    known = listed([*(str(row["question"]) for row in rows), *home.shelf.list()], most=99)
    raise NotFound(
        Say("没有这个模型，也没有这个问题。", "There is no such model, and no such question."),
        got=which,
        fix=Say(f"可用的有：{known or '无，先 `zhiyin run`'}。", f"Those that exist: {known or 'none; first `zhiyin run`'}."),
    )


def approve(home: Home, guard: Guard, actor: Actor, *, which: str, clock: Clock = utc_now) -> Card:
    """Note on the card that `actor` has read it and approves of the model.

    Raises:
        PrivacyError: when the actor may not approve.
        NotFound, StoreError: see `card_of`.
        UsageError: when the model was refused.
    """
    if actor.role not in APPROVERS:
        raise PrivacyError(
            Say("您不能批准模型。", "You may not approve of models."),
            got=actor.role,
            fix=Say(f"请 {'、'.join(APPROVERS)} 来批准。", f"Ask one of {', '.join(APPROVERS)}."),
        )
    return home.shelf.approve(card_of(home, guard, actor, which=which).model_id, by=actor.id, at=clock())


def answer(card: Card) -> dict[str, object]:
    """The card as plain values, with its text in both languages."""
    import json

    plain: dict[str, object] = json.loads(card.to_json())
    return {**plain, "text_zh": card.text("zh"), "text_en": card.text("en")}


def write_page(card: Card, file: Path) -> Path:
    """The card as one page in both languages that opens without a network.

    Raises:
        StoreError: when it cannot be written.
    """
    with disk_errors(file.parent.name):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_safely(file, model_page(card).encode())
    return file


def write_tensorboard(card: Card, folder: Path) -> int:
    """The training curves as event files that TensorBoard reads, a run a part; returns how many.

    Raises:
        UsageError: when the extra is not installed, or the model does not learn in rounds.
        StoreError: when the disk refuses.
    """
    try:
        from tensorboardX import SummaryWriter
    except ImportError as wrong:
        raise UsageError(
            Say("没有安装 tensorboardX。", "tensorboardX is not installed."),
            fix=Say("运行 `pip install 'zhiyin[tensorboard]'` 安装。", "Install it: `pip install 'zhiyin[tensorboard]'`."),
        ) from wrong
    if not card.curves:
        raise UsageError(
            Say("这个模型不是一轮一轮学出来的，没有训练曲线。", "This model does not learn in rounds: it has no training curves."),
            got=card.name,
            fix=Say("选一个提升树或组合模型。", "Choose a model of boosted trees, or a blend."),
        )
    with disk_errors(folder.name):
        for curve in card.curves:
            with SummaryWriter(str(folder / card.model_id / curve.name.replace(" ", "-"))) as writer:
                for place, loss in curve.points:
                    writer.add_scalar("log_loss", loss, int(place))
    return len(card.curves)
