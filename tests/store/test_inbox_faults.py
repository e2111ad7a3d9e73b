"""What a kill at any point or a full disk may not do to the inbox, in processes of their own."""

import pytest

pytestmark = pytest.mark.slow


def test_r2_a_kill_at_any_point_loses_nothing_acknowledged_and_doubles_nothing(tmp_path, answers):
    points = answers("killed_inbox.py", tmp_path)
    by = {what: [point for point in points if point["what"] == what] for what in ("statement", "answer", "byte")}
    assert {what: sum(point["killed"] for point in found) for what, found in by.items()} == {
        "statement": len(by["statement"]) - 1,
        "answer": 8,
        "byte": len(by["byte"]) - 1,
    }
    assert len(by["statement"]) > 40
    assert len(by["byte"]) > 20
    # a and b came before; c, d and a again; e; b with other content; one that cannot be taken.
    stages = [["a,b", None], ["c,d,a", [0, 1]], ["e", None], ["b", []]]
    for point in points:
        here, refused = point["after"]["bodies"], point["after"]["refused"]
        assert here == stages[: len(here)], point
        assert len(here) >= 1 + min(point["heard"], 3), point
        assert len(refused) >= max(point["heard"] - 2, 0), point
        received, stored, duplicate, turned_away = point["after"]["counts"]
        assert received == stored + duplicate + turned_away
        assert stored == {1: 2, 2: 4, 3: 5, 4: 5}[len(here)]
        healed = point["healed"]
        assert [body for body in healed["bodies"] if body[1] != []] == stages[:3], point
        assert set(healed["refused"]) == {"id_conflict", "bad"}
        assert healed["counts"][1] == 5
        assert healed["counts"][0] == sum(healed["counts"][1:])


def test_r5_a_full_disk_refuses_and_the_inbox_goes_on_when_there_is_space(tmp_path, answers):
    told = answers("full_inbox.py", tmp_path)
    full = [one for one in told if one["at"] == "full"]
    failed = [one["number"] for one in full if "error" in one]
    assert failed, full
    for one in full:
        if one["number"] in failed:
            assert (one["error"], "The disk is full or cannot be written" in one["words"]) == ("StoreError", True)
            assert "13812345678" not in one["words"]
    assert all(one["alive"] for one in told[:-1])
    again = {one["number"]: one["stored"] for one in told if one["at"] == "again"}
    assert again == {number: int(number in failed) for number in range(12)}
    assert told[-1]["counts"] == [13 + 11 - len(failed), 12, 12 - len(failed), 0]
