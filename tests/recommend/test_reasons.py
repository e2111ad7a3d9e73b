import math

import pytest

from zhiyin.core.words import Say
from zhiyin.recommend.new import NAMES
from zhiyin.recommend.reasons import WORDS, why_again


@pytest.mark.parametrize(
    ("count", "interval", "days", "said"),
    [
        (1, math.nan, 62, Say("62天前买过一次。", "Bought once; days since then: 62.")),
        (2, 30.0, 5, Say("买过2次，最近一次在5天前。", "Bought 2 times; days since the last time: 5.")),
        (4, 9.6, 12, Say("买过4次，大约每10天一次，距上次12天。", "Bought 4 times, about every 10 days; days since the last time: 12.")),
        (3, 0.0, 1, Say("买过3次，最近一次在1天前。", "Bought 3 times; days since the last time: 1.")),
    ],
)
def test_why_again(count, interval, days, said):
    assert why_again(count=count, interval=interval, days=days) == said


def test_every_voice_has_words():
    assert set(WORDS) == set(NAMES)
