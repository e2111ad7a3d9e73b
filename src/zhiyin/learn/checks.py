"""Does a model keep what its verb promises? Checks that ship with the package and run on every registered model.

    for check in checks_for(MyModel):
        check.run(MyModel.example)

`tests/contracts/test_models.py` runs every line of the registry through all checks of its verb, and counts them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhiyin.core.errors import UsageError, listed
from zhiyin.core.words import Say
from zhiyin.learn.checks_life import IDS, INFINITE, LIFE, NUMBERS
from zhiyin.learn.checks_lists import FORECAST, READ, RECOMMEND
from zhiyin.learn.checks_rows import ASSIGN, CHOOSE, PREDICT
from zhiyin.learn.trial import ContractBroken, Maker, Trial

__all__ = ["VERBS", "Check", "ContractBroken", "Trial", "checks_for"]

_Promise = Callable[[Trial], None]
VERBS: dict[str, tuple[_Promise, ...]] = {
    "predict": (*LIFE, *INFINITE, *NUMBERS, *IDS, *PREDICT),
    "assign": (*LIFE, *INFINITE, *IDS, *ASSIGN),
    "recommend": (*LIFE, *INFINITE, *NUMBERS, *IDS, *RECOMMEND),
    "forecast": (*LIFE, *INFINITE, *NUMBERS, *FORECAST),
    "read": (*LIFE, *NUMBERS, *READ),
    "choose": (*LIFE, *INFINITE, *NUMBERS, *IDS, *CHOOSE),
}


@dataclass(frozen=True)
class Check:
    """One promise of a verb."""

    name: str
    verb: str
    promise: str
    _keeps: _Promise

    def run(self, model: Maker | Trial) -> None:
        """Try the model that `model` makes; a Trial lets several checks share what was learned.

        Raises:
            ContractBroken: when it does not keep the promise.
        """
        self._keeps(model if isinstance(model, Trial) else Trial(model))


def checks_for(model: type[Any]) -> list[Check]:
    """All checks of the verb of a model.

    Raises:
        UsageError: when the class has no verb that is known.
    """
    verb = getattr(model, "verb", "")
    if verb not in VERBS:
        raise UsageError(
            Say("这个类没有说明它能做什么。", "This class does not say what it can be asked."),
            got=f"{model.__name__}.verb = {verb!r}",
            fix=Say(f"从 learn.base 的一个基类开始：{listed(VERBS)}。", f"Begin with a base class of learn.base: {listed(VERBS)}."),
        )
    return [Check(keeps.__name__.lstrip("_"), verb, (keeps.__doc__ or "").strip(), keeps) for keeps in VERBS[verb]]
