"""Which companies can be invented? By name; each is loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from zhiyin.core.errors import one_of
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhiyin.sandbox.scenario import Scenario

__all__ = ["SCENARIOS", "scenario_named"]

SCENARIOS: Mapping[str, str] = MappingProxyType(
    {
        "appliances": "zhiyin.sandbox.scenarios.appliances",
        "saas": "zhiyin.sandbox.scenarios.saas",
        "restaurant": "zhiyin.sandbox.scenarios.restaurant",
        "finance": "zhiyin.sandbox.scenarios.finance",
    }
)


def scenario_named(name: str) -> Scenario:
    """The company of this name.

    Raises:
        NotFound: when there is no such company; lists those that exist.
    """
    module = one_of(SCENARIOS, name, what=Say("没有这个场景。", "There is no such scenario."))
    found: Scenario = import_module(module).SCENARIO
    return found
