"""Is an id known again, however long ago it came, and nothing else?"""

import numpy as np

from zhiyin.store.seen import DIGEST_BYTES, KEY_BYTES, Seen

RECORD = KEY_BYTES + DIGEST_BYTES


def runs_of(count, size, seed=7):
    """Runs with random records, numbered from 1."""
    drawn = np.random.default_rng(seed).bytes(count * size * RECORD)
    return {at + 1: drawn[at * size * RECORD : (at + 1) * size * RECORD] for at in range(count)}


def records(run):
    return [(run[at : at + KEY_BYTES], run[at + KEY_BYTES : at + RECORD]) for at in range(0, len(run), RECORD)]


def filled(runs):
    seen = Seen(runs.__getitem__)
    for number, content in runs.items():
        seen.add(number, content)
    return seen


def test_every_id_is_known_with_its_digest_through_all_sizes():
    runs = runs_of(104, 13_000)  # a million and more: sixteen sorted pieces become one
    seen = filled(runs)
    assert len(seen) == 104 * 13_000
    assert [len(size) for size in seen._pieces] == [1, 1]
    for number in (1, 45, 103, 104):
        told = records(runs[number])[::1300]
        assert seen.digests([key for key, _ in told]) == [digest for _, digest in told]
    strangers = [key for key, _ in records(runs_of(1, 500, seed=8)[1])]
    assert seen.digests(strangers) == [None] * 500


def test_what_is_loaded_answers_like_what_was_added():
    runs = runs_of(30, 5000)
    added, loaded = filled(runs), Seen(runs.__getitem__)
    loaded.load(runs.items())
    asked = [key for run in runs.values() for key, _ in records(run)[::97]] + [b"x" * KEY_BYTES]
    assert loaded.digests(asked) == added.digests(asked)
    assert len(loaded) == len(added)


def test_ids_that_begin_alike_are_told_apart():
    keys = [b"same----" + bytes([number]) * 8 for number in range(3)]
    run = b"".join(key + bytes([9 - at]) * DIGEST_BYTES for at, key in enumerate(keys[:2]))
    filler = runs_of(1, 70_000)[1]  # settles what came before it
    runs = {1: run, 2: filler}
    seen = filled(runs)
    assert seen.digests(keys) == [b"\x09" * 8, b"\x08" * 8, None]


def test_an_id_is_not_found_across_two_records():
    run = b"a" * KEY_BYTES + b"b" * DIGEST_BYTES + b"b" * 8 + b"c" * 8 + b"d" * DIGEST_BYTES
    across = run[20:36]
    runs = {1: run, 2: runs_of(1, 70_000)[1]}
    assert filled(runs)._recorded(1, across) is None
    assert filled(runs)._recorded(1, run[24:40]) == b"d" * 8


def test_nothing_is_known_at_first():
    seen = Seen({}.__getitem__)
    assert (len(seen), seen.digests([b"k" * KEY_BYTES]), seen.digests([])) == (0, [None], [])
