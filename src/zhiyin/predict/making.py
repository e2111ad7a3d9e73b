"""A new model by the name of its line, with the settings that it knows."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import cast

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.registry import model_class

__all__ = ["new_model"]


def new_model(name: str, **settings: object) -> PredictorBase:
    """The model called `name`, not yet fitted; settings that it does not have (threads of a regression) are left out."""
    kind = model_class(name)
    known: set[str] = {field.name for field in fields(kind)} if is_dataclass(kind) else set()
    return cast("PredictorBase", kind(**{key: value for key, value in settings.items() if key in known}))
