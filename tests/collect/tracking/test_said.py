from datetime import UTC, datetime

import pytest

from zhiyin.collect.tracking.said import REASONS, Unheard, instant

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-22T12:00:00Z", "2026-11-22T12:00:00.000Z", "2026-11-22T20:00:00+08:00", "2026-11-22 12:00:00", "20261122T120000Z",
        1_795_348_800, 1_795_348_800.0, "1795348800", 1_795_348_800_000, "1795348800000", 1_795_348_800_000_000,
    ],
)  # fmt: skip
def test_a_moment_is_read(written: object):
    assert instant(written, "time") == NOON


@pytest.mark.parametrize(
    "written", ["", "noon", "2026-13-01T00:00:00Z", 5, -1_795_348_800, True, None, [], "0", 1e300, float("nan"), float("inf")]
)
def test_what_is_no_moment_is_refused(written: object):
    with pytest.raises(Unheard, match="bad_time") as wrong:
        instant(written, "time")
    assert wrong.value.pointer == "/time"


def test_every_code_has_its_sentence():
    assert REASONS["bad_time"].zh.endswith("。")
    assert all(one.en.endswith(".") for one in REASONS.values())
