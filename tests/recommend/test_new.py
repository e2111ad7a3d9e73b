import numpy as np

from recommend.conftest import checkerboard, day, shop
from zhiyin.recommend.new import NAMES, NewList, Voices, chunks, fit_new


def test_the_cube_holds_every_voice_for_every_candidate():
    board = shop(checkerboard())
    voices = Voices(board, day(84), seed=1, threads=1)
    cube = voices.cube(np.arange(5, dtype=np.int32))
    assert cube.shape == (5, len(voices.candidates), len(NAMES))
    assert np.isfinite(cube).all()


def test_unknown_is_what_was_never_bought():
    board = shop(checkerboard())
    voices = Voices(board, day(84), seed=1, threads=1)
    bought = board.bought()[:3].toarray()[:, voices.candidates] > 0
    assert np.array_equal(voices.unknown(np.arange(3, dtype=np.int32)), ~bought)


def test_the_blend_learns_that_colours_matter():
    board = shop(checkerboard(people=300, items=24))
    part = fit_new(board, day(84), horizon=28, seed=1, threads=1)
    assert part.used == "blend"
    assert part.scores["recall@10", "blend"].value > part.scores["recall@10", "popular"].value
    assert set(part.weights.names) == set(NAMES)


def test_popularity_stays_where_the_blend_does_not_win():
    rng = np.random.default_rng(1)
    rows = [(f"c{person:03d}", f"i{rng.integers(30):02d}", int(on)) for person in range(150) for on in rng.integers(0, 84, 6)]
    part = fit_new(shop(rows), day(84), horizon=28, seed=1, threads=1)
    won = [part.scores[metric, "blend"].value > part.scores[metric, "popular"].value for metric in ("recall@10", "ndcg@10")]
    assert part.used == ("blend" if all(won) else "popular")
    assert (part.weights is None) == (not all(won))


def test_with_little_history_the_chance_is_the_share_of_buyers():
    found = shop([("a", "tea", 80), ("b", "tea", 81), ("b", "rice", 81), ("c", "salt", 1)])
    part = fit_new(found, day(84), horizon=28, seed=1, threads=1)
    voices = Voices(found, day(84), seed=1, threads=1)
    assert (part.used, part.scores) == ("popular", {})
    chance = part.chance(voices, voices.cube(np.array([2], np.int32)))[0]
    assert dict(zip(found.items[voices.candidates], (3 * chance).round().tolist(), strict=True)) == {"tea": 2, "rice": 1}


def test_without_weights_popularity_ranks():
    board = shop(checkerboard())
    voices = Voices(board, day(84), seed=1, threads=1)
    chance = NewList(None, {}, "popular").chance(voices, voices.cube(np.array([0], np.int32)))[0]
    assert np.argsort(-chance, kind="stable").tolist() == list(range(len(chance)))


def test_chunks_cover_everybody_once():
    assert [len(some) for some in chunks(np.arange(600))] == [256, 256, 88]
    assert list(chunks(np.zeros(0))) == []
