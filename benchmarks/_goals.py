"""Goals of TARGETS.md beside what was reached, one line each, so that a whole run can be read at a glance."""

from __future__ import annotations

__all__ = ["MARK", "goal"]

MARK = "goal | "


def goal(what: str, reached: float, *, wanted: float, less: bool = False, note: str = "") -> None:
    """Print one goal: what was wanted, what was reached, met or missed.

    Args:
        what: the figure and the data.
        reached: what the run measured.
        wanted: what is asked for.
        less: the figure is to be at most that, not at least.
        note: what else must be known, such as the split.
    """
    met = reached <= wanted if less else reached >= wanted
    print(f"{MARK}{what} | {reached:.3g} | {'<=' if less else '>='} {wanted:.3g} | {'met' if met else 'MISSED'} | {note}", flush=True)
