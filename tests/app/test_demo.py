"""The demonstration; its next day is played on the invented shop in tests/journeys/test_what_came_of_it.py."""

from __future__ import annotations


def test_the_next_day_comes_after_the_first(tmp_path, zhiyin_says):
    said = zhiyin_says("demo", "--next-day", "-w", tmp_path / "new")
    assert (said.code, said.out) == (2, "")
    assert "The demonstration has not begun." in said.err
