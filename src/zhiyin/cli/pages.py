"""The two pages about one customer: what is known, and where each figure comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import exp
from typing import TYPE_CHECKING, Any, cast

from zhiyin.act.words import read_about, read_reasons
from zhiyin.app.codes import identifier_words, label_of, words_of
from zhiyin.app.identity_words import KINDS
from zhiyin.app.scores import question_words
from zhiyin.cli.identity import sentence as identity_sentence
from zhiyin.cli.standing import standing
from zhiyin.core.tables import TABLES
from zhiyin.core.units import money_text
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from zhiyin.cli.door import Door

__all__ = ["customer", "explain", "offers"]

_Row = Mapping[str, object]
_STEP = (
    "action", "channel", "contact", "question", "product_id", "probability", "uplift", "margin", "cost", "gain", "rank", "listed",
    "holdout", "blocked",
)  # fmt: skip
_OF_FEATURES = ("profile_at", "interest_at", "campaign_at")
_SHOWN = 0.005  # log-odds: less is told together with the rest
_FAR = 700.0  # log-odds beyond which a chance is 0 or 1 and the exponential overflows
_NO_PROOF = Say(
    "    这是模型的判断：这样的客户通常如此；是不是做了就会变，要用留出对照来证明。",
    "    This is what the model sees in customers of that kind; whether doing it causes it, only a holdout can prove.",
)
_NONE_YET = Say("  还没有。", "  None yet.")


def customer(door: Door, view: _Row) -> None:
    """One customer: who, profile, where the customer stands at this moment, groups, predictions, offers, next step."""
    tongue = door.language
    known = cast("dict[str, object]", view["identifiers"])
    who = {label_of("customer_id", "customer", language=tongue): view["customer_id"]}
    door.pairs("客户/Customer", who | {_identifier(door, name): value for name, value in known.items()})
    _account(door, view)
    door.pairs("画像/Profile", _profile(door, cast("_Row", view["profile"])))
    standing(door, cast("_Row", view["live"]))
    _cleaned(door, view)
    groups = [
        (words_of("scheme", s["scheme"]).in_(tongue), s[f"name_{tongue}"], s["since_on"] or "", s[f"reason_{tongue}"])
        for s in _rows(view, "segments")
    ]
    _grid(door, "分群/Groups", columns="方案/Scheme, 群/Group, 自/Since, 理由/Why", rows=groups)
    _predictions(door, _rows(view, "predictions"))
    offers(door, _rows(view, "recommendations")[:10])
    _steps(door, view, "下一步/Next step")


def offers(door: Door, rows: Sequence[_Row]) -> None:
    """What to offer a customer, and why."""
    tongue = door.language
    told = [(words_of("offer", row["kind"]).in_(tongue), row["product"] or row["product_id"], row[f"reason_{tongue}"]) for row in rows]
    _grid(door, "推荐/Recommendations", columns="类型/Kind, 商品/Product, 理由/Why", rows=told)


def _account(door: Door, view: _Row) -> None:
    """The people of a firm and what they did together, or the firms that a person speaks for."""
    if "pending" in view:
        pending = cast("Mapping[str, str]", view["pending"])
        door.say(Say(pending["zh"], pending["en"]), style="italic")
    people = [
        (c["customer_id"], c.get("name", ""), c["title"], c["orders"], _money(c), c["last_order_on"] or "", c["last_event"])
        for c in cast("Sequence[_Row]", view.get("contacts", ()))
    ]
    if people:
        columns = "客户/Customer, 姓名/Name, 职务/Title, 订单/Orders, 消费/Spend, 最近购买/Last order, 最近行为/Last event"
        door.grid("联系人/Contacts", columns=columns, rows=people)
        total = cast("_Row", view["account"])
        door.say(Say(
            f"企业与联系人合计：{total['orders']} 单，{_money(total)}，最近购买 {total['last_order_on'] or '无'}。",
            f"The firm and its people together: {total['orders']} orders, {_money(total)}, last order {total['last_order_on'] or 'none'}.",
        ))  # fmt: skip
    firms = [(f["customer_id"], f["name"], f["title"]) for f in cast("Sequence[_Row]", view.get("firms", ()))]
    if firms:
        door.grid("所属企业/Firms", columns="客户/Customer, 企业/Firm, 职务/Title", rows=firms)


def _money(row: _Row) -> str:
    return money_text(float(str(row["spend"])), str(row["currency"])) if row.get("currency") else ""


def _cleaned(door: Door, view: _Row) -> None:
    """What nobody told and is inferred, with how and how sure; what cannot be used to reach the customer, with why."""
    tongue = door.language
    rows = [
        (row[f"column_{tongue}"], row["value"], row[f"method_{tongue}"], f"{float(str(row['confidence'])):.0%}")
        for row in _rows(view, "inferred")
    ]
    if rows:
        _grid(door, "推测（没有人告诉过）/Inferred, not told", columns="项/Field, 推测值/Value, 依据/From, 把握/Sure", rows=rows)
    for row in _rows(view, "bad_contacts"):
        door.say(Say(f"  ✗ {row['text_zh']}", f"  ✗ {row['text_en']}"), style="yellow", indent=4)


def explain(door: Door, journey: _Row) -> None:
    """The signature page: each step of the journey in order."""
    tongue = door.language
    _sources(door, journey)
    merges = _rows(journey, "merges")
    who = [(journey["customer_id"], row["record_id"], _evidence(door, row, merges)) for row in _rows(journey, "identity")]
    _grid(door, "2 身份/2 Identity", columns="客户/Customer, 档案/Record, 依据/Evidence", rows=who)
    door.pairs("3 画像/3 Profile", _profile(door, cast("_Row", journey["profile"])))
    door.say(Say("4 预测与理由", "4 Predictions with reasons"), style="bold")
    _predictions(door, _rows(journey, "predictions"), parts=True)
    for change in cast("Sequence[_Row]", journey.get("changes", ())):
        door.say(Say(f"  → {change['text_zh']}", f"  → {change['text_en']}"), indent=4)
    if journey.get("changes"):
        door.say(_NO_PROOF, style="dim", indent=4)
    _steps(door, journey, "5 下一步/5 Next step")
    came = [(o["happened_on"], words_of("outcome", o["kind"]).in_(tongue), o["campaign_id"]) for o in _rows(journey, "outcomes")]
    came += [
        (o["at"], words_of("outcome", o["kind"]).in_(tongue), words_of("question", o["question"]).in_(tongue))
        for o in _rows(journey, "noted")
    ]
    _grid(door, "6 结果/6 Outcomes", columns="日期/Day, 结果/Outcome, 活动或问题/Campaign or question", rows=came)
    seen = [_look(door, look) for look in _rows(journey, "seen_by")]
    _grid(door, "7 谁看过/7 Who has seen it", columns="时间/When, 谁/Who, 目的/Purpose, 动作/Action, 内容/What", rows=seen)


def _grid(door: Door, title: str, *, columns: str, rows: Sequence[Sequence[object]]) -> None:
    """A table, or a line that says that there is nothing to show."""
    if rows:
        door.grid(title, columns=columns, rows=rows)
    else:
        zh, _, en = title.partition("/")
        door.say(Say(zh, en), style="italic")
        door.say(_NONE_YET, style="dim")


def _look(door: Door, look: _Row) -> tuple[str, ...]:
    """Who looked, when, what for and at what, in words."""
    tongue = door.language
    actions = dict.fromkeys(words_of("audited", action).in_(tongue) for action in cast("list[str]", look["action"]))
    tables = [TABLES[name].words.zh if tongue == "zh" else name.replace("_", " ") for name in cast("list[str]", look["table_name"]) if name]
    between = "、" if tongue == "zh" else ", "
    when = str(look["at"])[: len("2026-11-21T22:27")].replace("T", " ")
    return when, str(look["actor"]), words_of("purpose", look["purpose"]).in_(tongue), between.join(actions), between.join(tables)


def _sources(door: Door, journey: _Row) -> None:
    records = [(r["record_id"], r["source"], r["batch_id"], r["source_row"], r["since_on"]) for r in _rows(journey, "records")]
    _grid(door, "1 来源行/1 Source rows", columns="档案/Record, 来源/Source, 批次/Import, 行/Row, 首日/Since", rows=records)
    lines = [
        (r["ordered_on"], r["line_id"], money_text(float(str(r["amount"])), str(r["currency"])), r["batch_id"], r["source_row"])
        for r in _rows(journey, "latest_lines")
    ]
    count = journey["order_lines"]
    title = f"  最近的订单行（共 {count} 行）/  Latest order lines (of {count})"
    _grid(door, title, columns="日期/Day, 订单行/Line, 金额/Amount, 批次/Import, 行/Row", rows=lines)


def _steps(door: Door, view: _Row, title: str) -> None:
    """The next step, codes in words, chances in percent, its three sentences under it."""
    tongue = door.language
    for step in _rows(view, "next_step"):
        told = _with_money("next_step", step)
        cell = str(step.get("reasons") or "")
        shown = {name: _cell(door, name, told[name]) for name in _STEP}
        shown["rank"] = told["rank"] or ""
        about = {Say("谈什么", "about").in_(tongue): read_about(cell)}
        named = {label_of(name, "next_step", language=tongue): value for name, value in shown.items() if name != "action"}
        door.pairs(title, {label_of("action", "next_step", language=tongue): shown["action"]} | about | named)
        for reason in read_reasons(cell):
            door.say(Say(f"  · {reason.zh}", f"  · {reason.en}"), style="dim", indent=4)


def _cell(door: Door, name: str, value: object) -> object:
    """One figure or code as people read it."""
    if isinstance(value, bool):
        return Say("是", "yes").in_(door.language) if value else Say("否", "no").in_(door.language)
    if name in ("probability", "uplift"):
        return f"{float(str(value)):.1%}"
    return words_of(name, value).in_(door.language) if isinstance(value, str) and value else value


def _identifier(door: Door, name: str) -> str:
    return identifier_words(name).in_(door.language)


def _profile(door: Door, profile: _Row) -> dict[str, object]:
    """A profile with its money as money, its codes in words, its favourite categories with their buying days, its attributes by name."""
    interests = cast("list[dict[str, Any]]", _read(profile.get("interests")) or [])
    attributes = cast("dict[str, dict[str, Any]]", _read(profile.get("attributes")) or {})
    days = Say("{category}（{days} 天）", "{category} ({days} days)")
    told = _with_money("profile", profile) | {
        "interests": Say("、", ", ").in_(door.language).join(days.fill(**one).in_(door.language) for one in interests),
        "attributes": ", ".join(f"{name}: {one['value']}" for name, one in attributes.items()),
    }
    return {
        label_of(name, "profile", language=door.language): words_of(name, value).in_(door.language) if name in ("stage", "tier") else value
        for name, value in told.items()
        if name != "customer_id" and value not in (None, "")
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
            door.say(_sum(door, reasons), style="dim", indent=4)


def _sum(door: Door, reasons: Mapping[str, Any]) -> Say:
    """Base and topics (parts, where no topics were kept) on the log-odds scale, what they add up to, and the chance that this is."""
    tongue = door.language
    told = [(part["amount"], words_of("topic", part["topic"]).in_(tongue)) for part in reasons["topics"] if abs(part["amount"]) >= _SHOWN]
    rest = float(reasons["total"]) - float(reasons["base"]) - sum(amount for amount, _ in told)
    if told and abs(rest) >= _SHOWN / 10:
        told.append((rest, words_of("topic", "others").in_(tongue)))
    told = told or [(part["amount"], label_of(part["feature"], *_OF_FEATURES, language=tongue)) for part in reasons["parts"]]
    base, total = float(reasons["base"]), float(reasons["total"])
    chance = 1 / (1 + exp(-total)) if abs(total) < _FAR else float(total > 0)
    sums = ("；".join(f"{amount:+.3f} {name}" for amount, name in told), "; ".join(f"{amount:+.3f} {name}" for amount, name in told))
    return Say(
        f"    起点 {base:+.3f}；{sums[0]} = {total:+.3f}（对数几率），即 {chance:.1%}",
        f"    base {base:+.3f}; {sums[1]} = {total:+.3f} (log-odds): {chance:.1%}",
    )


def _evidence(door: Door, row: _Row, merges: Sequence[_Row]) -> str:
    """What joins a record with the others: the strongest link in words and bits, or who merged it."""
    own = [merge for merge in merges if row["record_id"] in (merge["left_record"], merge["right_record"])]
    said = [merge for merge in own if merge["by"]]
    if said:
        last = said[-1]
        words = KINDS[str(last["kind"])]
        return Say(f"{words.zh}：{last['by']}，{last['reason']}", f"{words.en}: {last['by']}, {last['reason']}").in_(door.language)
    if not own:
        return Say("只有这一份档案", "the only record").in_(door.language)
    return identity_sentence(max(own, key=lambda merge: float(str(merge["bits"])))).in_(door.language)


def _value(row: _Row) -> str:
    low, value, high = (float(str(row[name])) for name in ("low", "value", "high"))
    if row["unit"] == "probability":
        return f"{value:.1%} ({low:.1%} - {high:.1%})"
    if row["unit"] == "minor":
        currency = str(row["currency"])
        return f"{money_text(value, currency)} ({money_text(low, currency)} - {money_text(high, currency)})"
    if row["unit"] == "difference":
        return f"{value:+.1%} ({low:+.1%} - {high:+.1%})"
    return f"{value:,.0f} ({low:,.0f} - {high:,.0f})" if row["unit"] == "days" else f"{value:,.1f}"


def _rows(view: _Row, name: str) -> list[_Row]:
    return cast("list[_Row]", view[name])
