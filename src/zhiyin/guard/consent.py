"""May lists be made for this person from what the person did?

The consent `personalisation` says so, told like every other: `consent: {"personalisation": false}` of an identify, or a column
`consent.personalisation` of a file. Who refuses everything (`any`) refuses this too. Nothing said is no refusal: that is how a shop's own
recommendations are seen where they can be turned off at any time.

References:
    Personal Information Protection Law of the PRC, article 24: automated marketing must offer a choice that does not target the person.
    GDPR, article 21: the right to object to profiling for direct marketing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from zhiyin.core.fields import PERSONALISATION

__all__ = ["may_personalise"]

_SPEAKS = (PERSONALISATION, "any")


def may_personalise(said: Iterable[Mapping[str, object]]) -> bool:
    """Whether the last word allows it, or nothing was said; of two words on one day, and without a day, a refusal counts.

    Args:
        said: rows of all records of one person with `channel`, `allowed`, and `since_on` or `at`, the day.
    """
    last: tuple[date, bool] | None = None
    for row in said:
        if row["channel"] in _SPEAKS and row["allowed"] is not None:
            refused = not row["allowed"]
            told = row.get("since_on") or row.get("at")
            day = date.fromisoformat(str(told)[:10]) if told else date.max if refused else date.min
            last = max(last or (date.min, False), (day, refused))
    return last is None or not last[1]
