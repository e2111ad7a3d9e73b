"""The two pages about one customer: what is known, and where each figure comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from zhiyin.app.scores import question_words
from zhiyin.core.tables import TABLES
from zhiyin.core.units import money_text
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from zhiyin.cli.door import Door

__all__ = ["customer", "explain"]

_Row = Mapping[str, object]
_STEP = (
    "action", "channel", "contact", "question", "subject_id", "product_id", "probability", "uplift", "margin", "cost", "gain",
    "rank", "listed", "holdout", "blocked",
)  # fmt: skip


def customer(door: Door, view: _Row) -> None:
    """One customer: who, profile, groups, predictions, offers, next step."""
    tongue = door.language
    door.pairs("客户/Customer", {"customer_id": view["customer_id"], **cast("dict[str, object]", view["identifiers"])})
    door.pairs("画像/Profile", _profile(cast("_Row", view["profile"])))
    groups = [(s["scheme"], s[f"name_{tongue}"], s[f"reason_{tongue}"]) for s in _rows(view, "segments")]
    door.grid("分群/Groups", columns="方案/Scheme, 群/Group, 理由/Why", rows=groups)
    _predictions(door, _rows(view, "predictions"))
    offers = [(o["kind"], o["product"] or o["product_id"], o[f"reason_{tongue}"]) for o in _rows(view, "recommendations")[:10]]
    door.grid("推荐/Recommendations", columns="类型/Kind, 商品/Product, 理由/Why", rows=offers)
    _steps(door, view, "下一步/Next step")


def explain(door: Door, journey: _Row) -> None:
    """The signature page: each step of the journey in order."""
    _sources(door, journey)
    merges = _rows(journey, "merges")
    who = [(journey["customer_id"], row["record_id"], _evidence(row, merges).in_(door.language)) for row in _rows(journey, "identity")]
    door.grid("2 身份/2 Identity", columns="客户/Customer, 档案/Record, 依据/Evidence", rows=who)
    door.pairs("3 画像/3 Profile", _profile(cast("_Row", journey["profile"])))
    door.say(Say("4 预测与理由", "4 Predictions with reasons"), style="bold")
    _predictions(door, _rows(journey, "predictions"), parts=True)
    _steps(door, journey, "5 下一步/5 Next step")
    came = [(o["happened_on"], o["kind"], o["campaign_id"]) for o in _rows(journey, "outcomes")]
    came += [(o["at"], o["kind"], o["question"]) for o in _rows(journey, "noted")]
    door.grid("6 结果/6 Outcomes", columns="日期/Day, 结果/Outcome, 活动或问题/Campaign or question", rows=came)
    seen = [(s["at"], s["actor"], s["purpose"], s["action"], s["table_name"]) for s in _rows(journey, "seen_by")]
    door.grid("7 谁看过/7 Who has seen it", columns="时间/When, 谁/Who, 目的/Purpose, 动作/Action, 表/Table", rows=seen)


def _sources(door: Door, journey: _Row) -> None:
    records = [(r["record_id"], r["source"], r["batch_id"], r["source_row"], r["since_on"]) for r in _rows(journey, "records")]
    door.grid("1 来源行/1 Source rows", columns="档案/Record, 来源/Source, 批次/Import, 行/Row, 首日/Since", rows=records)
    lines = [
        (r["ordered_on"], r["line_id"], money_text(float(str(r["amount"])), str(r["currency"])), r["batch_id"], r["source_row"])
        for r in _rows(journey, "latest_lines")
    ]
    count = journey["order_lines"]
    title = f"  最近的订单行（共 {count} 行）/  Latest order lines (of {count})"
    door.grid(title, columns="日期/Day, 订单行/Line, 金额/Amount, 批次/Import, 行/Row", rows=lines)


def _steps(door: Door, view: _Row, title: str) -> None:
    for step in _rows(view, "next_step"):
        told = _with_money("next_step", step)
        door.pairs(title, {name: told[name] for name in _STEP})


def _profile(profile: _Row) -> dict[str, object]:
    """A profile with its money as money, its favourite categories with their buying days, its attributes by name."""
    interests = cast("list[dict[str, Any]]", _read(profile.get("interests")) or [])
    attributes = cast("dict[str, dict[str, Any]]", _read(profile.get("attributes")) or {})
    return _with_money("profile", profile) | {
        "interests": ", ".join(f"{one['category']} ({one['days']})" for one in interests),
        "attributes": ", ".join(f"{name}: {one['value']}" for name, one in attributes.items()),
    }


def _read(cell: object) -> object:
    return json.loads(cell) if isinstance(cell, str) and cell else cell


def _with_money(table: str, row: _Row) -> dict[str, object]:
    """A row with its columns in minor units as people read money."""
    units = {column.name: column.unit for column in TABLES[table].columns}
    currency = str(row.get("currency") or "")
    return {
        name: money_text(float(str(value)), currency) if units.get(name) == "minor units" and currency and value is not None else value
        for name, value in row.items()
    }


def _predictions(door: Door, rows: Sequence[_Row], *, parts: bool = False) -> None:
    for row in rows:
        reasons = cast("dict[str, Any]", row["reasons"])
        asked = question_words(row)
        subject = f" {row['subject_id']}" if row["subject_id"] else ""
        door.say(Say(f"· {asked.zh}{subject}：{_value(row)}", f"· {asked.en}{subject}: {_value(row)}"))
        for said in reasons["said"]:
            door.say(Say(f"    {said['zh']}", f"    {said['en']}"), style="dim")
        if parts and reasons["parts"]:
            door.say(_sum(reasons), style="dim")


def _sum(reasons: Mapping[str, Any]) -> Say:
    """Base and parts on the log-odds scale, with what they add up to."""
    shown = " ".join(f"{part['amount']:+.3f} {part['feature']}" for part in reasons["parts"])
    base, total = float(reasons["base"]), float(reasons["total"])
    return Say(f"    起点 {base:+.3f} {shown} = {total:+.3f}（对数几率）", f"    base {base:+.3f} {shown} = {total:+.3f} (log-odds)")


def _evidence(row: _Row, merges: Sequence[_Row]) -> Say:
    linked = [str(merge["evidence"]) for merge in merges if row["record_id"] in (merge["left_record"], merge["right_record"])]
    kinds = ", ".join(sorted(set(linked)))
    return Say(f"相同的 {kinds}", f"the same {kinds}") if linked else Say("只有这一份档案", "the only record")


def _value(row: _Row) -> str:
    low, value, high = (float(str(row[name])) for name in ("low", "value", "high"))
    if row["unit"] == "probability":
        return f"{value:.1%} ({low:.1%} - {high:.1%})"
    if row["unit"] == "minor":
        currency = str(row["currency"])
        return f"{money_text(value, currency)} ({money_text(low, currency)} - {money_text(high, currency)})"
    return f"{value:,.1f}"


def _rows(view: _Row, name: str) -> list[_Row]:
    return cast("list[_Row]", view[name])
