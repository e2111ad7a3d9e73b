"""After how many silent days is a customer quiet, and after how many lost? The rule of `stages.rhythm` for one customer."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["LOST_DAYS", "NEW_DAYS", "PRIOR_GAPS", "QUIET_DAYS", "quiet_and_lost_after"]

NEW_DAYS = 28  # a customer is new for four weeks after the first order
PRIOR_GAPS = 2  # the customer's own gaps count beside two gaps of the typical customer
QUIET_DAYS = (7, 180)  # the shortest and the longest silence after which a customer is called quiet
LOST_DAYS = 84  # nobody is called lost within twelve weeks: in a supermarket every second one came back within four


def quiet_and_lost_after(gaps: Sequence[int], usual: float | None) -> tuple[int, int]:
    """Days of silence after which a customer with these gaps is quiet, and lost.

    Args:
        gaps: days between two order days.
        usual: the gap of the typical customer, None where nobody came twice.

    Example:
        >>> quiet_and_lost_after([], 10.0)
        (30, 84)
    """
    typical = float(NEW_DAYS) if usual is None else usual
    count = len(gaps) + PRIOR_GAPS
    mean = (float(sum(gaps)) + PRIOR_GAPS * typical) / count
    # The square of a gap is on average twice the squared mean where gaps are exponential.
    square = (float(sum(gap * gap for gap in gaps)) + PRIOR_GAPS * 2 * typical * typical) / count
    deviation = math.sqrt(max(square - mean * mean, 0.0))
    shortest, longest = QUIET_DAYS
    quiet_after = min(max(math.ceil(mean + 2 * deviation), shortest), longest)
    return quiet_after, max(quiet_after * 2, LOST_DAYS)
