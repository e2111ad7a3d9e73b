"""Where are the trained models, and are they whole?

A folder a model: what was learned (sealed where it holds ids), its card, and a manifest with the sha256 of each file.
A model is there whole or not at all: temporary folder, fsync, manifest, rename. Only one process saves at a time.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.core.errors import Busy, NotFound, PrivacyError, StoreError, UsageError, listed
from zhiyin.core.files import MANIFEST, TEMPORARY, disk_errors, folder_manifest, sync_folder, verify_manifest, write_safely
from zhiyin.core.ids import content_id
from zhiyin.core.words import Say
from zhiyin.learn.card import REFUSED, Card
from zhiyin.learn.registry import model_class, name_of

if TYPE_CHECKING:
    from zhiyin.learn.life import ModelBase

Seal = Callable[[bytes], bytes]

__all__ = ["Shelf"]

CARD, SEALED, LOCK = "card.json", ".sealed", "shelf.lock"
APPROVED = "approved.json"  # model id -> who and when; beside the models, whose files never change
_QUESTION = re.compile(r"[a-z0-9][a-z0-9_.]*")


class Shelf:
    """Trained models in a folder.

    Args:
        folder: where they lie; made when the first is saved.
        seal: encrypts the files of models that hold ids of customers; without it such models are refused.
        unseal: the other way round; raises StoreError or KeyProblem for what was sealed with another key.
    """

    def __init__(self, folder: Path, *, seal: Seal | None, unseal: Seal | None) -> None:
        self._folder = folder
        self._seal = seal
        self._unseal = unseal

    def save(self, model: ModelBase, card: Card) -> str:
        """Put a fitted model and its card on the shelf; returns its id, `question-000001-...`.

        Raises:
            UsageError: when the card names no question, or another model.
            NotFound: when the class of the model has no line in the registry.
            PrivacyError: when the model holds ids and there is no key to seal it with.
            Busy: when another process saves just now.
            StoreError: when the disk refuses.
        """
        self._must_fit(model, card)
        files: dict[str, bytes] = {}
        model.save(files.__setitem__)
        digest = content_id("m", *(part for name in sorted(files) for part in (name, files[name])))
        files = self._closed(files, model)
        with disk_errors(self._folder.name), self._alone():
            return self._publish(files, card, digest=digest)

    def load(self, model_id: str) -> ModelBase:
        """The model again; every file is compared with the manifest first.

        Raises:
            NotFound: when there is no such model, or its class is registered no more.
            PrivacyError: when it is sealed and there is no key.
            StoreError: when a file is damaged, missing, or lies in the wrong folder.
        """
        card, files = self._verified(model_id)
        return model_class(card.name).load({name.removesuffix(SEALED): self._opened(name, content) for name, content in files.items()})

    def card(self, model_id: str) -> Card:
        """The card of a model; every file is compared with the manifest first.

        Raises:
            NotFound: when there is no such model.
            StoreError: when a file is damaged, missing, or lies in the wrong folder.
        """
        card = self._verified(model_id)[0]
        by, at = self._approved().get(model_id, ("", ""))
        return replace(card, approved_by=by, approved_at=datetime.fromisoformat(at)) if by else card

    def approve(self, model_id: str, *, by: str, at: datetime) -> Card:
        """Note that somebody has read the card of a model and approves of it; returns the card.

        Raises:
            NotFound: when there is no such model.
            UsageError: when the model was refused.
            StoreError: when a file is damaged.
            Busy: when another process saves just now.
        """
        if self._verified(model_id)[0].state == REFUSED:
            raise UsageError(
                Say("这个模型没有通过公平检查，不能批准。", "This model did not pass the fairness gate and cannot be approved."),
                got=model_id,
                fix=Say(
                    "处理 `zhiyin models show` 里写明的原因后重新训练：`zhiyin run --refit`。",
                    "Mend what `zhiyin models show` says, then fit anew: `zhiyin run --refit`.",
                ),
            )
        with disk_errors(self._folder.name), self._alone():
            known = {name: who for name, who in self._approved().items() if (self._folder / name).is_dir()}
            known[model_id] = (by, at.isoformat())
            write_safely(self._folder / APPROVED, json.dumps(known, ensure_ascii=False).encode())
        return self.card(model_id)

    def list(self, question: str = "") -> list[str]:
        """The ids of all models, or of those for one question, oldest first; damaged ones too."""
        found = (path.name for path in self._folder.iterdir() if path.is_dir() and _is_id(path.name)) if self._folder.is_dir() else ()
        kept = [name for name in found if not question or _question_of(name) == question]
        return sorted(kept, key=lambda name: (_question_of(name), _number_of(name)))

    def latest(self, question: str, *, skip_damaged: bool = False) -> str | None:
        """The id of the newest model for a question that may be used, None where there is none; refused ones are passed over.

        Args:
            question: for example `purchase`.
            skip_damaged: let the one before serve when the newest is damaged.

        Raises:
            StoreError: when the newest is damaged, or with `skip_damaged` when all are.
        """
        damage: StoreError | None = None
        for model_id in reversed(self.list(question)):
            try:
                card = self._verified(model_id)[0]
            except StoreError as problem:
                if not skip_damaged:
                    raise
                damage = damage or problem
            else:
                if card.state != REFUSED:
                    return model_id
        if damage:
            raise damage
        return None

    def prune(self, question: str, *, keep: int) -> tuple[str, ...]:
        """Remove all but the newest `keep` whole models of a question; returns the ids removed. Damaged newer ones stay as evidence.

        Of those that were refused the newest `keep` stay as well: they take no place of a model that serves.

        Raises:
            UsageError: when `keep` is below 1.
            Busy: when another process saves just now.
        """
        if keep < 1:
            raise UsageError(
                Say("至少保留一个模型。", "At least one model must be kept."), got=keep, fix=Say("设为 1 或更大。", "Use 1 or more.")
            )
        ids = self.list(question)
        states = {model_id: self._state(model_id) for model_id in ids}
        refused, whole = ([model_id for model_id in ids if states[model_id] == state] for state in (REFUSED, ""))
        old = ids[: ids.index(whole[-keep])] if len(whole) >= keep else []
        removed = tuple(model_id for model_id in ids if model_id in (refused[:-keep] if model_id in refused else old))
        with disk_errors(self._folder.name), self._alone():
            for model_id in removed:
                gone = self._folder / f".{model_id}{TEMPORARY}"
                (self._folder / model_id).rename(gone)  # gone at once, whatever happens while its files are removed
                shutil.rmtree(gone)
        return removed

    def _must_fit(self, model: ModelBase, card: Card) -> None:
        model_class(name_of(type(model)))  # what nobody could load again is not saved
        if not _QUESTION.fullmatch(card.question) or card.name != name_of(type(model)):
            raise UsageError(
                Say("模型卡要写明问题和这个模型的名字。", "The card must name a question, and this model."),
                got=f"{card.question or '-'}, {card.name}",
                fix=Say(
                    "从 model.card() 开始填写；问题只用小写字母、数字和下划线。",
                    "Start from model.card(); a question has small letters, digits and underscores only.",
                ),
            )

    def _closed(self, files: dict[str, bytes], model: ModelBase) -> dict[str, bytes]:
        """The files as they may lie on the disk: sealed where they hold ids."""
        from zhiyin.learn.life import contains_ids

        if not contains_ids(model):
            return files
        if self._seal is None:
            raise PrivacyError(
                Say("这个模型里有客户编号，没有密钥不能保存。", "This model holds ids of customers and cannot be saved without a key."),
                got=name_of(type(model)),
                fix=Say("打开工作区时给出密钥。", "Open the workspace with its key."),
            )
        return {name + SEALED: self._seal(content) for name, content in files.items()}

    def _publish(self, files: dict[str, bytes], card: Card, *, digest: str) -> str:
        self._sweep()
        number = 1 + max((_number_of(name) for name in self.list(card.question)), default=0)
        model_id = f"{card.question}-{number:06d}-{digest}"
        building = self._folder / f".{model_id}.{secrets.token_hex(4)}{TEMPORARY}"
        building.mkdir(mode=0o700)
        _reached("folder")
        for name, part in files.items():
            write_safely(building / name, part)
            _reached("file")
        write_safely(building / CARD, replace(card, model_id=model_id).to_json().encode())
        _reached("card")
        folder_manifest(building)
        sync_folder(building)
        _reached("manifest")
        building.rename(self._folder / model_id)
        _reached("rename")
        sync_folder(self._folder)
        return model_id

    def _verified(self, model_id: str) -> tuple[Card, dict[str, bytes]]:
        """Card and files, after all of them were found whole and in their own folder."""
        folder = self._folder / model_id
        if not (_is_id(model_id) and folder.is_dir()):
            raise NotFound(
                Say("模型架上没有这个模型。", "There is no such model on the shelf."),
                got=model_id,
                fix=Say(f"已有：{listed(self.list()) or '无'}。", f"Those that exist: {listed(self.list()) or 'none'}."),
            )
        manifest = verify_manifest(folder)
        present = {path.name for path in folder.iterdir()} - {MANIFEST}
        with disk_errors(model_id):
            files = {name: (folder / name).read_bytes() for name in manifest}
        card = Card.from_json(files.pop(CARD, b""))
        if present != set(manifest) or card.model_id != model_id:
            raise StoreError(
                Say("模型文件夹里的内容不属于它。", "What lies in the folder of a model does not belong to it."),
                got=f"{model_id}: {listed(sorted(present ^ set(manifest))) or card.model_id}",
                fix=Say("从备份恢复，或重新运行 `zhiyin run`。", "Restore it from a backup, or run `zhiyin run` again."),
            )
        return card, files

    def _state(self, model_id: str) -> str | None:
        """Of its card; None for a model that is damaged."""
        try:
            return self._verified(model_id)[0].state
        except StoreError:
            return None

    def _approved(self) -> dict[str, tuple[str, str]]:
        """Who approved of which model, and when."""
        file = self._folder / APPROVED
        with disk_errors(APPROVED):
            return {name: (by, at) for name, (by, at) in json.loads(file.read_bytes()).items()} if file.is_file() else {}

    def _opened(self, name: str, content: bytes) -> bytes:
        if not name.endswith(SEALED):
            return content
        if self._unseal is None:
            raise PrivacyError(
                Say("这个模型已加密，没有密钥打不开。", "This model is sealed and cannot be opened without a key."),
                got=name,
                fix=Say("打开工作区时给出密钥。", "Open the workspace with its key."),
            )
        return self._unseal(content)

    def _sweep(self) -> None:
        """Remove what killed processes left; we are alone, so all of it is left-over."""
        for path in self._folder.glob(f".*{TEMPORARY}"):
            shutil.rmtree(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as held:
                raise Busy(
                    Say("另一个进程正在保存模型。", "Another process is saving a model."),
                    got=LOCK,
                    fix=Say("等它结束后再试。", "Try again when it has finished."),
                ) from held
            yield
        finally:
            os.close(descriptor)


def _reached(phase: str) -> None:
    """Named places on the way of a save, where tests pull the plug."""


def _is_id(name: str) -> bool:
    question, _, rest = name.partition("-")
    number, _, digest = rest.partition("-")
    return bool(_QUESTION.fullmatch(question) and number.isdigit() and digest.isalnum())


def _question_of(model_id: str) -> str:
    return model_id.partition("-")[0]


def _number_of(model_id: str) -> int:
    return int(model_id.split("-")[1])
