"""Does a source send something that it never sent before? One alert a property, however often it comes."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from zhiyin.app.dayrows import moment
from zhiyin.core.log import line
from zhiyin.core.words import Say
from zhiyin.store.live import LiveRows

if TYPE_CHECKING:
    from zhiyin.app.home import Home

__all__ = ["drift", "note_drift"]

_NOBODY = ""  # the alert is about no customer
_RULE = "new_property"
_log = logging.getLogger(__name__)


def note_drift(
    live: LiveRows, dropped: Mapping[tuple[str, str], int], *, known: Collection[tuple[str, str]], at: datetime
) -> set[tuple[str, str]]:
    """Note properties that nobody declared, each once.

    Args:
        live: where alerts are kept.
        dropped: source and property -> how often it was left out.
        known: those that need not be noted again.
        at: when.

    Returns:
        Those that were not known.
    """
    fresh = sorted(set(dropped) - set(known))
    now = moment(at.astimezone(UTC).replace(tzinfo=None))
    rows = [(_NOBODY, _RULE, f"{source}/{name}", "fired", now, now, now, "", source) for source, name in fresh]
    if rows:
        noted = {row[2] for row in live.alerts([_NOBODY])}
        live.note(alerts=rows)
        for source, name in fresh:
            if f"{source}/{name}" not in noted:
                _log.warning(line(stage="live", source=source, undeclared=name))
    return set(fresh)


def drift(home: Home) -> list[dict[str, object]]:
    """The properties that sources sent and nobody declared, as findings of `zhiyin doctor`."""
    found = [(row[4], row[2]) for row in LiveRows(home.ledger).alerts([_NOBODY]) if row[1] == _RULE]
    what = Say("{name} 从 {day} 起带有没有声明的属性，没有保存。", "{name}: a property that nobody declared, since {day}; it is not kept.")
    fix = Say("需要的话，请在映射或发送方里改用已知的名字。", "If it is needed, send it under a name that is known.")
    told = [(name, what.fill(name=name, day=at[:10])) for at, name in sorted(found)]
    return [{"name": name, "ok": True, "what_zh": say.zh, "what_en": say.en, "fix_zh": fix.zh, "fix_en": fix.en} for name, say in told]
