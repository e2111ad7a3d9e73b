from dataclasses import replace
from pathlib import Path

import pytest

from zhiyin.app.recipes.strategy import BEST, NOTHING, STRATEGIES, Trial, Tried, try_strategies
from zhiyin.app.recipes.strategy_words import HEADS, rows, sentences, write_picture
from zhiyin.core.errors import NotFound, UsageError
from zhiyin.core.words import Say
from zhiyin.improve.strategy import Difference

SMALL = Trial(strategies=("random", "oldest"), days=12, seeds=3, customers=60, capacity=4)


def _quiet(stage: Say, done: float | None) -> None:
    """No progress."""


@pytest.fixture(scope="module")
def tried() -> Tried:
    return try_strategies(SMALL, progress=_quiet)


def test_nothing_and_the_best_are_always_beside_what_is_tried(tried: Tried) -> None:
    assert [way.name for way in tried.ways] == [NOTHING, "random", "oldest", BEST]
    nothing = tried.ways[0]
    assert (nothing.gain.mean, nothing.cost, nothing.contacts, nothing.put_off) == (0, 0, 0, 0)


def test_contacts_are_counted_and_paid_for(tried: Tried) -> None:
    chance = tried.ways[1]
    assert chance.contacts == SMALL.days * SMALL.capacity
    assert chance.cost == chance.contacts * SMALL.cost
    assert chance.curve[-1] == pytest.approx(chance.gain.mean)
    assert len(chance.curve) == SMALL.days


def test_the_same_trial_comes_to_the_same(tried: Tried) -> None:
    assert try_strategies(SMALL, progress=_quiet).answer() == tried.answer()


def test_who_knows_the_truth_beats_chance() -> None:
    found = try_strategies(replace(SMALL, strategies=("random",), days=30, seeds=8, customers=100), progress=_quiet)
    gains = {way.name: way.gain.mean for way in found.ways}
    assert gains[BEST] > gains["random"]
    assert found.reached["random"] == pytest.approx(gains["random"] / gains[BEST])


def test_progress_tells_every_way() -> None:
    told: list[str] = []
    try_strategies(replace(SMALL, days=2, seeds=1), progress=lambda stage, done: told.append(stage.en))
    assert {STRATEGIES[name].en for name in (NOTHING, "random", "oldest", BEST)} < set(told)


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"strategies": ("bandit",)}, NotFound, "none, random, oldest, list, best"),
        ({"scenario": "zoo"}, NotFound, "appliances"),
        ({"days": 0}, UsageError, "--days 0"),
        ({"seeds": 0}, UsageError, "--seeds 0"),
        ({"customers": 0}, UsageError, "--customers 0"),
        ({"capacity": 61}, UsageError, "--capacity 61"),
    ],
)
def test_what_makes_no_trial_is_refused(changed: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        try_strategies(replace(SMALL, **changed), progress=_quiet)


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (Difference(50, 20, 80, 10), "that is sure"),
        (Difference(-50, -80, -20, 10), "less than"),
        (Difference(5, -20, 30, 10), "nobody can say"),
    ],
)
def test_the_sentence_says_what_the_interval_allows(tried: Tried, difference: Difference, words: str) -> None:
    said = sentences(replace(tried, against={"random": difference}))
    assert words in said[0].en
    assert STRATEGIES["random"].zh in said[0].zh


def test_a_row_has_a_cell_for_every_head(tried: Tried) -> None:
    for tongue in ("zh", "en"):
        shown = rows(tried, tongue)
        assert {len(row) for row in shown} == {len(HEADS)}
        assert shown[0][-2:] == ("", "")  # nothing gains nothing over itself


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_the_picture_is_a_page_without_a_network(tried: Tried, tmp_path: Path, tongue: str) -> None:
    page = write_picture(tried, tmp_path / "new" / "try.html", language=tongue).read_text()
    assert page.count("<svg") == 2
    assert "http" not in page.replace("http://www.w3.org", "")
    assert STRATEGIES["oldest"].in_(tongue) in page
