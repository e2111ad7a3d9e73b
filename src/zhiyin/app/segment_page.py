"""One segment: how many, who came and who left, what they like, how they look beside all, and who they are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ibis

from zhiyin.app.codes import label_of, words_of
from zhiyin.app.corrections import corrected
from zhiyin.app.reading import Generation
from zhiyin.app.segments import Asked, find
from zhiyin.core.errors import PrivacyError
from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor
from zhiyin.guard.totals import blurred, counted
from zhiyin.predict.portrait import FIGURES, portrait
from zhiyin.predict.preferences import counts, pairs, preferences
from zhiyin.predict.preferences import sentence as preference_sentence
from zhiyin.predict.rules.parse import parse
from zhiyin.predict.rules.written import sentence, written

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.store.segments import Defined

__all__ = ["show"]

_PAIRS = ("profile", "order_line", "product", "attribute", "identity")
_SHOWN = 8  # preferences of each direction
_MANY = 10  # comings and goings are held back where they are few, never because nearly all came
_PERCENT = ("discount_share_84d",)


def show(home: Home, read: Generation, actor: Actor, *, name: str, members: bool = False, limit: int = 20) -> Mapping[str, object]:
    """All about one segment; its members too for who may read single customers.

    Raises:
        NotFound: when there is no such segment.
        PrivacyError: when members are asked for by who reads totals only.
    """
    asked = Asked(home, read, actor)
    one = find(asked, name)
    if members and not asked.rows_seen:
        raise PrivacyError(
            Say("这个角色只能看汇总，不能看成员名单。", "This role sees totals only, not who is in a segment."),
            got=actor.role,
            fix=Say("去掉 --members。", "Leave out --members."),
        )
    group, about = _group(asked, one)
    everybody = asked.table("profile")
    found = read.frame(ibis.union(group.select(side=ibis.literal("own")), everybody.select(side=ibis.literal("all"))).group_by("side").agg(n=ibis._.count()))  # fmt: skip
    sizes = dict(zip(found["side"], found["n"].astype(int), strict=True))
    size, among = int(sizes.get("own", 0)), int(sizes.get("all", 0))
    told = asked.told(size, among)
    counted(read.guard, asked.access, asked=f"segment {one.segment_id}", count=size)
    answer: dict[str, object] = {
        **{"scheme": one.scheme, "segment_id": one.segment_id, "name": one.name, **about},
        **{"customers": told, "of": among, "share": round(told / among, 4) if told is not None and among else None, "at_on": asked.at},
    }
    if told is None:  # too few: every figure about them would be about persons
        return answer
    answer |= _moved(asked, one) | {"figures": _figures(asked, group), "preferences": _preferences(asked, group)}
    return answer | ({"members": _members(asked, group, limit)} if members else {})


def _group(asked: Asked, one: Defined) -> tuple[ibis.Table, dict[str, object]]:
    """Who is in it, and by what: the rule, or the conditions that come nearest to a group that was found."""
    currency = asked.home.settings.currency
    if one.scheme == "rule":
        rule = parse(one.rule, asked.speech)
        told = sentence(rule, currency=currency)
        return asked.members(rule), {"rule": one.rule, "sentence_zh": told.zh, "sentence_en": told.en, "by": one.by, "defined_at": one.at}
    rows = asked.table("segment")
    group = rows.filter((rows["scheme"] == one.scheme) & (rows["segment_id"] == one.segment_id)).select("customer_id")
    return group, _described(asked, one) if one.scheme == "behaviour" else {}


def _described(asked: Asked, one: Defined) -> dict[str, object]:
    """The tree's conditions for a behaviour group, as a rule that can be saved, with how often the tree is right."""
    from zhiyin.predict.segments import GROUPS, BehaviourGroups

    shelf = asked.home.shelf
    model_id = shelf.latest("segment", skip_damaged=True)
    model = shelf.load(model_id) if model_id and shelf.card(model_id).name == GROUPS else None
    if not isinstance(model, BehaviourGroups) or one.segment_id not in model.ids_:
        return {}
    rule = model.rule(one.segment_id, asked.speech.words)
    tree: dict[str, object] = {"tree_accuracy": round(model.accuracy_, 4), "tree_baseline": round(model.biggest_, 4)}
    if rule is None:
        return tree
    told = sentence(rule, currency=asked.home.settings.currency)
    near = {"near_rule": written(rule, currency=asked.home.settings.currency), "near_sentence_zh": told.zh, "near_sentence_en": told.en}
    return {**near, **tree}


def _moved(asked: Asked, one: Defined) -> dict[str, object]:
    """How many came in and left with the run of the last day; nothing where no run has noted the segment yet."""
    if not asked.read.guard.holds("membership"):
        return {"entered": None, "left": None, "noted": False}
    rows = asked.table("membership")
    own = rows.filter((rows["scheme"] == one.scheme) & (rows["segment_id"] == one.segment_id))
    day = ibis.date(asked.at)
    found = asked.read.frame(
        own.agg(rows=own.count(), entered=own.count(where=own["since_on"] == day), left=own.count(where=own["until_on"] == day))
    ).iloc[0]  # fmt: skip
    among = int(found["rows"])
    changed: dict[str, object] = {name: asked.told(int(found[name]), _MANY * among + 1) for name in ("entered", "left")}
    return {**changed, "noted": among > 0}


def _figures(asked: Asked, group: ibis.Table) -> list[dict[str, object]]:
    """Means of the group beside those of all."""
    row = asked.read.frame(portrait(asked.table("profile"), asked.table("profile_at"), members=group, at=asked.at)).iloc[0]
    found = {name: _seen(asked, _plain(value)) for name, value in row.items()}
    currency = asked.home.settings.currency
    return [
        {
            "figure": name,
            "zh": label_of(name, "profile", "profile_at", language="zh"),
            "en": label_of(name, "profile", "profile_at", language="en"),
            "group": found[f"group_{name}"],
            "all": found[f"all_{name}"],
            "group_text": _figure(name, found[f"group_{name}"], currency),
            "all_text": _figure(name, found[f"all_{name}"], currency),
        }
        for name in FIGURES
    ]


def _plain(value: Any) -> float | None:  # noqa: ANN401 - a cell
    return None if value is None or math.isnan(value) else float(value)


def _seen(asked: Asked, value: float | None) -> float | None:
    """A figure as this actor may read it."""
    return value if asked.rows_seen or value is None else blurred(value)


def _figure(name: str, value: float | None, currency: str) -> str:
    if value is None:
        return ""
    if name.startswith("spend"):
        return money_text(value, currency)
    return f"{value:.0%}" if name in _PERCENT else f"{value:.1f}"


def _preferences(asked: Asked, group: ibis.Table) -> list[dict[str, object]]:
    """What the group has more or less often than all others, beyond chance."""
    tables = {name: asked.table(name) for name in _PAIRS}
    tables |= {name: corrected(asked.home, tables[name], name=name) for name in ("attribute", "product")}
    counted_ = asked.read.frame(counts(pairs(tables, at=asked.at), everybody=tables["profile"], members=group))
    rows = preferences(counted_, smallest=asked.home.settings.privacy.smallest_group).to_dict("records")
    strong = [row for row in rows if row["index"] > 1][:_SHOWN] + [row for row in rows if row["index"] < 1][:_SHOWN]
    return [_told(asked, row) for row in strong]


def _told(asked: Asked, row: dict[Any, Any]) -> dict[str, object]:
    row = {key: _seen(asked, value) if isinstance(value, float) else value for key, value in row.items()}
    thing = words_of(str(row["kind"]), row["thing"])
    attribute = asked.speech.words.find(f"attribute.{row['kind']}")
    kind = _KINDS.get(str(row["kind"])) or (attribute.words if attribute else Say(str(row["kind"]), str(row["kind"])))
    said = preference_sentence(row, name=Say(f"{kind.zh} {thing.zh}", f"{kind.en} {thing.en}"))
    return {str(key): value for key, value in row.items()} | {"said_zh": said.zh, "said_en": said.en}


_KINDS = {
    "category": Say("品类", "category"), "stage": Say("生命周期", "stage"), "tier": Say("价值等级", "tier"),
}  # fmt: skip


def _members(asked: Asked, group: ibis.Table, limit: int) -> list[dict[str, object]]:
    """Who is in it, by id, with names as the actor may read them."""
    ids = [str(one) for one in asked.read.frame(group.order_by("customer_id").limit(limit))["customer_id"]] if limit else []
    ids = ids if limit else [str(one) for one in asked.read.frame(group.order_by("customer_id"))["customer_id"]]
    try:
        names = asked.read.guard.shown_names(ids, Access(asked.actor, "display"))
    except PrivacyError:  # an analyst works with ids alone
        names = {}
    return [{"customer_id": one, "name": names.get(one, {}).get("name", "")} for one in ids]
