"""A new model by the name of its line, with the settings that it knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import cast

from zhiyin.core.errors import SettingsError, listed
from zhiyin.core.words import Say
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.registry import MODELS, model_class

__all__ = ["chosen", "new_model"]


def chosen(models: Mapping[str, str], *, questions: Collection[str]) -> Mapping[str, str]:
    """Models that somebody chose by name for questions, after both were found to exist.

    Raises:
        SettingsError: when there is no such question, or no such model that gives a probability; lists those that exist.
    """
    for question, name in models.items():
        if question not in questions:
            raise _unknown(Say("没有这个预测问题。", "There is no such question to predict."), got=question, known=questions)
        if name not in MODELS or not _fits(name):
            raise _unknown(
                Say(f"没有能回答 {question} 的这个模型。", f"There is no such model to answer {question}."),
                got=name,
                known=[known for known in MODELS if _fits(known)],
            )
    return models


def _fits(name: str) -> bool:
    kind = model_class(name)
    return issubclass(kind, PredictorBase) and kind.unit == "probability"


def _unknown(what: Say, *, got: str, known: Iterable[str]) -> SettingsError:
    names = listed(known, most=99)
    return SettingsError(
        what, got=got, fix=Say(f"改正 learning.models；可用的有：{names}。", f"Correct learning.models. Those that exist: {names}.")
    )


def new_model(name: str, **settings: object) -> PredictorBase:
    """The model called `name`, not yet fitted; settings that it does not have (threads of a regression) are left out."""
    kind = model_class(name)
    known: set[str] = {field.name for field in fields(kind)} if is_dataclass(kind) else set()
    return cast("PredictorBase", kind(**{key: value for key, value in settings.items() if key in known}))
