"""The part of a customer's page that is alive: stage with history, tags, counters, the last event of every channel, alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from zhiyin.app.codes import words_of
from zhiyin.app.happened import COUNTER_WORDS, alert_advice, event_words, tag_words
from zhiyin.core.units import money_text

if TYPE_CHECKING:
    from zhiyin.cli.door import Door

__all__ = ["standing"]

_Row = Mapping[str, object]
_MINUTE = len("2026-11-21 22:27")


def standing(door: Door, live: _Row) -> None:
    """Stage, tags, counters, channels and alerts, what is empty left out."""
    tongue = door.language
    stages = [
        (words_of("stage", one["stage"]).in_(tongue), one["since_on"], _because(door, one["because"])) for one in _rows(live, "stages")
    ]
    _grid(door, "生命周期/Lifecycle", columns="阶段/Stage, 自/Since, 因为/Because of", rows=stages)
    tags = [
        (
            *(word.in_(tongue) for word in tag_words(tag)),
            f"{float(str(tag['confidence'])):.0%}",
            tag["expires_on"],
            _because(door, tag["cause"]),
        )
        for tag in _rows(live, "tags")
    ]
    _grid(door, "标签/Tags", columns="标签/Tag, 值/Value, 把握/Confidence, 有效至/Until, 因为/Because of", rows=tags)
    noted = [
        (_minute(tag["noted_at"]), *(word.in_(tongue) for word in tag_words(tag)), _because(door, tag["cause"]))
        for tag in _rows(live, "tag_history")
    ]
    _grid(door, "标签变化/Changes of tags", columns="时间/When, 标签/Tag, 值/Value, 因为/Because of", rows=noted)
    counters = cast("Mapping[str, float]", live["counters"])
    told = [
        (words.in_(tongue), *(_figure(live, name, counters[f"{name}_{days}d"]) for days in (7, 28)))
        for name, words in COUNTER_WORDS.items()
    ]
    _grid(door, "近期行为/Lately", columns="项/Field, 近7天/7 days, 近28天/28 days", rows=[row for row in told if any(row[1:])])
    channels = [(one["channel"], event_words(one["name"]).in_(tongue), _minute(one["at"]), one["times"]) for one in _rows(live, "channels")]
    _grid(
        door,
        "各渠道最近一次/Last event of every channel",
        columns="渠道/Channel, 事件/Event, 时间/When, 次数/Times",
        rows=channels,
    )
    alerts = [
        (_minute(one["due_at"]), *(word.in_(tongue) for word in alert_advice(one)), one["product_id"]) for one in _rows(live, "alerts")
    ]
    _grid(door, "提醒/Alerts", columns="时间/When, 发生了什么/What, 状态/State, 建议/Advice, 商品/Product", rows=alerts)


def _grid(door: Door, title: str, *, columns: str, rows: Sequence[Sequence[object]]) -> None:
    if rows:
        door.grid(title, columns=columns, rows=rows)


def _because(door: Door, cause: object) -> str:
    if not isinstance(cause, Mapping):
        return ""
    return f"{event_words(cause['name']).in_(door.language)} · {cause['channel']} · {_minute(cause['at'])}"


def _figure(live: _Row, name: str, value: float) -> str:
    if not value:
        return ""
    return money_text(value, str(live["currency"])) if name == "spend" else f"{value:,.0f}"


def _minute(at: object) -> str:
    return str(at)[:_MINUTE].replace("T", " ")


def _rows(live: _Row, name: str) -> list[_Row]:
    return cast("list[_Row]", live[name])
