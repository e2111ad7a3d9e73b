"""Do the placements of zhiyin.toml make sense together? And which are there where none is set?"""

from __future__ import annotations

from collections import Counter
from typing import get_args

from zhiyin.core.errors import SettingsError
from zhiyin.core.settings import Settings
from zhiyin.core.settings_parts import PlacementSettings
from zhiyin.core.words import Say
from zhiyin.recommend.placements import HOLDOUT, MAIN

__all__ = ["placements_of", "refuse_placements"]

_OWN = (MAIN, HOLDOUT)  # variants that every placement has


def placements_of(settings: Settings) -> dict[str, PlacementSettings]:
    """The placements by their names; where none is set, one of each kind, called like its kind."""
    kinds = get_args(PlacementSettings.model_fields["kind"].annotation)
    found = settings.placement or tuple(PlacementSettings(name=kind, kind=kind) for kind in kinds)
    return {one.name: one for one in found}


def refuse_placements(settings: Settings) -> None:
    """Refuse names that stand twice, shares above 1, and more places that explore than there are.

    Raises:
        SettingsError: names the placement.
    """
    _refuse_twice("placement", [one.name for one in settings.placement])
    for one in settings.placement:
        _refuse_twice(f"placement.{one.name}.variant", [*_OWN, *(variant.name for variant in one.variant)])
        shares = sum(variant.share for variant in one.variant)
        if shares > 1:
            raise SettingsError(
                Say("各个方案的比例加起来超过 1。", "The shares of the variants are more than 1 together."),
                got=f"placement.{one.name}: {shares:g}",
                fix=Say(
                    "减小 share；剩下的客户用推荐位本来的设置。", "Lower share; the customers that are left get the placement's own way."
                ),
            )
        if max([one.explore, *(variant.explore or 0 for variant in one.variant)]) > one.k:
            raise SettingsError(
                Say("探索的位置比推荐位还多。", "More places explore than the placement has."),
                got=f"placement.{one.name}: k = {one.k}",
                fix=Say("减少 explore 或加大 k。", "Lower explore or raise k."),
            )


def _refuse_twice(where: str, names: list[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise SettingsError(
            Say("推荐位或方案重名。", "Two placements, or two variants of one, have the same name."),
            got=f"{where}: {twice[0]}",
            fix=Say(f"取不同的名字；{MAIN} 和 {HOLDOUT} 是固定的。", f"Name them differently; {MAIN} and {HOLDOUT} are taken."),
        )
