"""May lists be made from what a person did?"""

import pytest

from zhiyin.guard.consent import may_personalise

YES, NO = True, False


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ([], True),
        ([("personalisation", NO, "2026-01-01")], False),
        ([("personalisation", NO, "2026-01-01"), ("personalisation", YES, "2026-02-01")], True),
        ([("personalisation", YES, "2026-02-01"), ("personalisation", NO, "2026-02-01")], False),
        ([("personalisation", YES, None), ("personalisation", NO, "2020-01-01")], False),
        ([("personalisation", YES, "2026-02-01"), ("personalisation", NO, None)], False),
        ([("any", NO, "2026-01-01")], False),
        ([("any", NO, "2026-01-01"), ("personalisation", YES, "2026-01-02")], True),
        ([("sms", NO, "2026-01-01"), ("email", NO, "2026-01-01")], True),
        ([("personalisation", None, "2026-01-01")], True),
    ],
)
def test_the_last_word_counts_and_a_refusal_in_doubt(said, may):
    for name in ("since_on", "at"):
        rows = [{"channel": channel, "allowed": allowed, name: day} for channel, allowed, day in said]
        assert may_personalise(rows) is may
        assert may_personalise(reversed(rows)) is may
