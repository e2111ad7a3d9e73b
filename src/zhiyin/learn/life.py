"""The one life that all models share: fit, card, save, load. The verbs stand in base.py."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self, final

from zhiyin.core.errors import NotFitted, StoreError, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.learn.card import Card
from zhiyin.learn.registry import name_of
from zhiyin.learn.state import pack, unpack

if TYPE_CHECKING:
    import pandas as pd

    from zhiyin.learn.verbs import Files, Unit, Verb, Writer

__all__ = ["ModelBase", "contains_ids"]

FORMAT = 1  # of saved models; a reader of another format refuses


class ModelBase(ABC):
    """Checks what goes in and what comes out, so that a model is only its own idea.

    A subclass is a dataclass whose fields are its settings. It writes `_fit` and the underscored form of its verb, never
    calls super, and stores what it learned in attributes that end in `_`; those are saved by themselves when they are
    numbers, texts, lists, dicts, numpy arrays, sparse matrices or registered models. Otherwise it writes `_state` and `_restore`.
    """

    verb: ClassVar[Verb]
    unit: ClassVar[Unit] = ""
    holds_ids: ClassVar[bool] = False  # what was learned holds ids of customers: the shelf seals it
    order_matters: ClassVar[bool] = False  # another order of the examples gives another model
    accepts_missing: ClassVar[bool] = False  # features may be empty
    limits: ClassVar[Say] = Say(
        "只反映过去的规律，情况变了就要重新学习。", "It knows the past only; when things change it must learn again."
    )
    key: str = "customer_id"
    needs: tuple[str, ...] = ()
    seed: int = 0
    examples_: int
    outcomes_: int

    _kept: ClassVar[tuple[str, ...]] = ("examples_", "outcomes_")  # learned by the base class, saved beside `_state`

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        taken = [name for name in vars(cls) if any(_is_final(base, name) for base in cls.__mro__[1:])]
        if taken:
            raise UsageError(
                Say(f"{cls.__name__} 覆盖了不能覆盖的方法。", f"{cls.__name__} overrides a method that is final."),
                got=listed(taken),
                fix=Say("只写带下划线的 `_fit`、`_predict` 等。", "Write the underscored form only: `_fit`, `_predict` and so on."),
            )

    @final
    def fit(self, examples: pd.DataFrame) -> Self:
        """Learn from examples, forgetting what was learned before.

        Raises:
            MissingColumns: when a column is missing.
            TooLittleData: when there are no examples.
            DataError: when a cell is empty, infinite or not what the column must hold.
        """
        checked = self._checked(examples)
        for name in [name for name in vars(self) if name.endswith("_") or name.startswith("_")]:
            delattr(self, name)
        self.outcomes_ = 0
        self._learn(checked)
        self.examples_ = len(checked)  # last: a fit that fails leaves a model that has not learned
        return self

    @final
    def card(self) -> Card:
        """What the model knows about itself; who fitted it adds question, snapshot and scores."""
        self._must_have_learned()
        return Card(
            name=name_of(type(self)),
            unit=self.unit,
            features=tuple(self.needs),
            examples=self.examples_,
            outcomes=self.outcomes_,
            settings={name: _said(value) for name, value in self._settings().items()},
            seed=self.seed,
            limits=self.limits,
        )

    @final
    def save(self, writer: Writer) -> None:
        """Hand every file of the model to `writer`, in safe formats only."""
        self._must_have_learned()
        for name, content in pack(self.to_tree()).items():
            writer(name, content)

    @classmethod
    @final
    def load(cls, files: Files) -> Self:
        """The model again, from the files that `save` wrote.

        Raises:
            StoreError: when the files are damaged or belong to another model.
        """
        return cls.from_tree(unpack(files))

    @final
    def to_tree(self) -> dict[str, object]:
        """Name, settings and what was learned (nothing yet for a model that is a setting of another), ready to be packed."""
        tree: dict[str, object] = {"format": FORMAT, "model": name_of(type(self)), "settings": self._settings()}
        if not self._has_learned():
            return tree
        learned = {name: getattr(self, name) for name in self._kept}
        return tree | {"learned": learned, "state": self._state() if self._was_taught() else {}}

    @classmethod
    @final
    def from_tree(cls, tree: Mapping[str, Any]) -> Self:
        """The model again, from its tree.

        Raises:
            StoreError: when the tree is of another model, another format or other settings.
        """
        said = f"{tree.get('model')}, {tree.get('format')}"
        if said != f"{name_of(cls)}, {FORMAT}":
            raise _of_another(cls, said)
        try:
            model = cls(**tree["settings"])
            if "learned" in tree:
                vars(model).update(tree["learned"])
                if model._was_taught():
                    model._restore(tree["state"])
        except (KeyError, TypeError) as wrong:
            raise _of_another(cls, listed(wrong.args)) from wrong
        return model

    @final
    def fresh(self) -> Self:
        """A model with the same settings that has not learned."""
        return type(self)(**self._settings())

    @classmethod
    def example(cls) -> Self:
        """A small model of this kind for the contract checks; override where the defaults do not do."""
        return cls()

    @abstractmethod
    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Invented examples that this model can learn from; override where columns have a meaning of their own."""

    @abstractmethod
    def _checked(self, examples: pd.DataFrame) -> pd.DataFrame:
        """The examples a verb learns from: its columns only, checked, copied."""

    @abstractmethod
    def _learn(self, examples: pd.DataFrame) -> None:
        """What a verb does around `_fit`."""

    def _was_taught(self) -> bool:
        """Whether `_fit` ran: a verb may answer the trivial case (one label only) by itself."""
        return True

    def _fit(self, examples: pd.DataFrame) -> None:  # noqa: B027 - a rule has nothing to learn
        """What a newcomer writes; a rule learns nothing and leaves it."""

    def _state(self) -> Mapping[str, object]:
        """What was learned, for saving: all attributes that end in `_`, unless a newcomer knows better."""
        return {name: value for name, value in vars(self).items() if name.endswith("_") and name not in self._kept}

    def _restore(self, state: Mapping[str, Any]) -> None:
        """The other way round."""
        vars(self).update(state)

    @final
    def _settings(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if not (name.endswith("_") or name.startswith("_"))}

    @final
    def _has_learned(self) -> bool:
        return "examples_" in vars(self)

    @final
    def _must_have_learned(self) -> None:
        if not self._has_learned():
            raise NotFitted(
                Say(f"{type(self).__name__} 还没有学习。", f"{type(self).__name__} has not learned anything yet."),
                fix=Say("先调用 fit(样本)。", "Call fit(examples) first."),
            )


def contains_ids(model: object) -> bool:
    """Whether a model, or a model inside it, holds ids of customers."""
    if isinstance(model, Mapping):
        return any(contains_ids(part) for part in model.values())
    if isinstance(model, list | tuple):
        return any(contains_ids(part) for part in model)
    return isinstance(model, ModelBase) and (model.holds_ids or contains_ids(vars(model)))


def _of_another(model: type, got: str) -> StoreError:
    return StoreError(
        Say("保存的是另一个模型，或另一个版本。", "What was saved is another model, or of another version."),
        got=f"{model.__name__}: {got}",
        fix=Say("重新运行 `zhiyin run`，让模型重新学习。", "Run `zhiyin run` again, so that the model learns again."),
    )


def _is_final(base: type, name: str) -> bool:
    found = vars(base).get(name)
    return bool(getattr(found, "__final__", False) or getattr(getattr(found, "__func__", None), "__final__", False))


def _said(value: object) -> object:
    """A setting as a card shows it."""
    if isinstance(value, ModelBase):
        return name_of(type(value))
    if isinstance(value, list | tuple):
        return [_said(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _said(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value
