"""Placements that make no sense together are refused when the settings are read."""

import pytest

from zhiyin.app.home import create_home, open_home
from zhiyin.app.placement_settings import placements_of
from zhiyin.core.errors import SettingsError

HOME = '[[placement]]\nname = "home"\nkind = "for_you"\nk = 3\n'
VARIANT = '[[placement.variant]]\nname = "{name}"\nshare = {share}\n{more}'


def _opened(folder, text):
    create_home(folder)
    with (folder / "zhiyin.toml").open("a", encoding="utf-8") as file:
        file.write(text)
    return open_home(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HOME + HOME, "have the same name. Got placement: home"),
        (HOME + VARIANT.format(name="a", share=0.2, more="") * 2, "have the same name. Got placement.home.variant: a"),
        (HOME + VARIANT.format(name="holdout", share=0.2, more=""), "Name them differently; main and holdout are taken"),
        (HOME + "".join(VARIANT.format(name=name, share=0.6, more="") for name in "ab"), "more than 1 together. Got placement.home: 1.2"),
        (HOME + "explore = 4\n", "More places explore than the placement has. Got placement.home: k = 3"),
        (HOME + VARIANT.format(name="a", share=0.2, more="explore = 4\n"), "More places explore"),
        (HOME.replace("for_you", "for_me"), "must be 'for_you', 'similar', 'basket' or 'next_offer'"),
        (HOME + "size = 3\n", "There is no such setting. Got placement.0.size. Fix: Those that exist: name, kind, k"),
        (
            HOME + VARIANT.format(name="a", share=0.2, more="k = 3\n"),
            "placement.0.variant.0.k. Fix: Those that exist: name, share, explore",
        ),
    ],
)
def test_a_placement_that_cannot_be_is_refused(tmp_path, text, said):
    with pytest.raises(SettingsError) as refused:
        _opened(tmp_path, text)
    assert said in str(refused.value)
    assert refused.value.in_("zh")


def test_a_variant_says_only_what_it_does_otherwise(tmp_path):
    home = _opened(tmp_path, HOME + "explore = 1\n" + VARIANT.format(name="wide", share=0.5, more="explore = 0\n"))
    found = placements_of(home.settings)["home"]
    assert (found.k, found.explore, found.holdout_share) == (3, 1, 0.05)
    assert found.variant[0].model_dump(exclude_none=True) == {"name": "wide", "share": 0.5, "explore": 0}
    home.close()
