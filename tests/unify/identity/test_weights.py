from pathlib import Path

import pytest

from zhiyin.unify.identity.weights import LEVELS, LINK_BITS, level_bits, probability, size_bits

PAGE = (Path(__file__).parents[3] / "docs" / "identity.md").read_text("utf-8")


@pytest.mark.parametrize("name", LEVELS)
def test_every_level_stands_in_the_docs_with_its_words(name):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    assert LEVELS[name].words.zh in row
    assert LEVELS[name].words.en in row


def test_the_size_counts_in_powers_of_two():
    assert [size_bits(records) for records in (1, 1024, 1025, 4096, 1_000_000)] == [10.0, 10.0, 11.0, 12.0, 20.0]


def test_a_phone_says_the_same_in_a_company_of_any_size():
    for records in (1_000, 1_000_000):
        size = size_bits(records)
        assert level_bits("phone.equal", size=size) - size == pytest.approx(4.4, abs=0.05)
        assert level_bits("phone.shared", size=size) - size < LINK_BITS


def test_one_bit_doubles_the_odds():
    assert probability(0.0) == 0.5
    assert probability(1.0) == pytest.approx(2 / 3)
    assert 0 < probability(-1e9) < probability(1e9) <= 1
