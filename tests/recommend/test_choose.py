import numpy as np
import pytest
import scipy.sparse as sp

from recommend.histories import trails
from zhiyin.recommend.choose import FEWEST_TAKEN, choose, listed, proposals, winner
from zhiyin.recommend.scores import Block

ITEMS, PEOPLE = 30, 400


class Known:
    """A voice whose scores are given."""

    def __init__(self, block):
        self.block = block

    def score(self, asked):
        return Block(self.block[asked.who])


def world(*, noise: float = 0.0):
    """Two voices that each know half of what tells what is taken."""
    draw = np.random.default_rng(3)
    one, two = draw.normal(size=(2, PEOPLE, ITEMS)).astype(np.float32)
    chance = one + two + noise * draw.gumbel(size=one.shape)
    truth = sp.csr_matrix((np.ones(PEOPLE, np.float32), (np.arange(PEOPLE), chance.argmax(axis=1))), shape=(PEOPLE, ITEMS))
    asked = trails(*[[0, 1]] * PEOPLE, items=ITEMS)
    return {"one": Known(one), "two": Known(two)}, asked, truth


def chosen(voices, asked, truth, **more):
    return choose(voices, asked, truth=truth, barred=sp.csr_matrix(truth.shape, dtype=np.float32), k=5, seed=0, **more)


def test_voices_that_know_different_things_are_blended():
    voices, asked, truth = world()
    choice = chosen(voices, asked, truth)
    assert choice.used in ("sum", "trees")
    assert choice.scores["ndcg@5", "sum"].value > choice.scores["ndcg@5", "one"].value + 0.2


def test_one_voice_decides_where_the_other_knows_nothing():
    voices, asked, truth = world()
    exact = Known(truth.toarray())
    assert chosen({"noise": voices["one"], "oracle": exact}, asked, truth).used == "oracle"


def test_with_few_hits_the_best_voice_decides():
    voices, asked, truth = world()
    few = np.arange(FEWEST_TAKEN // 2)
    choice = chosen(voices, asked.take(few), truth[few])
    assert choice.used in voices
    assert ("ndcg@5", "sum") not in choice.scores


def test_it_is_the_same_every_time():
    first, second = (chosen(*world(noise=1.0)) for _ in range(2))
    assert first.used == second.used
    assert first.scores == second.scores


def test_proposals_in_pieces_are_those_in_one(monkeypatch):
    voices, asked, truth = world()
    barred = truth.copy()
    whole = proposals(voices, asked, barred=barred)
    monkeypatch.setattr("zhiyin.recommend.choose._MOST_ROWS", 7)
    pieces = proposals(voices, asked, barred=barred)
    np.testing.assert_array_equal(whole.said, pieces.said)
    np.testing.assert_array_equal(whole.row, pieces.row)
    assert truth[whole.row, whole.item].sum() == 0


def test_listed_ranks_within_each_history():
    voices, asked, truth = world()
    choice = chosen({"one": voices["one"]}, asked, truth)
    found = proposals({"one": voices["one"]}, asked, barred=sp.csr_matrix(truth.shape, dtype=np.float32))
    lists = listed(found, choice.ranker, count=PEOPLE, k=3)
    np.testing.assert_array_equal(lists, np.argsort(-voices["one"].block, axis=1)[:, :3])


@pytest.mark.parametrize("ahead", [0.0, 9.0])
def test_a_richer_ranker_is_used_only_where_it_is_ahead(monkeypatch, ahead):
    monkeypatch.setattr("zhiyin.recommend.choose._AHEAD", ahead * 100)
    choice = chosen(*world())
    assert (choice.used in ("sum", "trees")) == (ahead == 0.0)


def test_one_voice_more_is_used_only_where_its_blend_is_ahead():
    voices, asked, truth = world(noise=1.0)
    plain = chosen({"one": voices["one"]}, asked, truth)
    richer = chosen({"two": voices["two"], "one": voices["one"]}, asked, truth)
    won = winner(plain, richer, more="two")
    assert (won.used, won.voices) == (f"{richer.used} + two", ("two", "one"))
    assert ("ndcg@5", "two") in won.scores
    lost = winner(richer, plain, more="nothing")
    assert (lost.used, lost.voices) == (richer.used, richer.voices)
