"""The segments of a workspace as people ask about them: count a rule, save it, list, rename, take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ibis

from zhiyin.app.reading import Generation
from zhiyin.app.rows import Rows
from zhiyin.app.today import last_day
from zhiyin.app.vocabulary import TABLES_READ, segment_log, speech_of, vocabulary_for
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import NotFound, PrivacyError, UsageError, listed
from zhiyin.core.ids import content_id
from zhiyin.core.words import Say
from zhiyin.guard.access import RUN, Access, Actor
from zhiyin.guard.purpose import PURPOSES_OF_ROLE
from zhiyin.guard.totals import counted, sees_rows, told_size, within
from zhiyin.predict.rules.filters import condition, members, view
from zhiyin.predict.rules.parse import Speech, parse
from zhiyin.predict.rules.terms import KINDS
from zhiyin.predict.rules.tree import All, Rule, terms_of
from zhiyin.predict.rules.written import sentence, written
from zhiyin.store.segments import Defined

if TYPE_CHECKING:
    from zhiyin.app.home import Home

__all__ = ["Asked", "add", "count", "find", "listing", "remove", "rename", "words"]

LONGEST_NAME = 40
_FORBIDDEN = "\"'“”‘’「」\x1f\n\r\t"
_RUN = Access(RUN, "analysis")


@dataclass(frozen=True)
class Asked:
    """One actor's view of the groups of the published generation.

    Args:
        home: the workspace.
        read: the generation.
        actor: who asks.
    """

    home: Home
    read: Generation
    actor: Actor

    @property
    def access(self) -> Access:
        """Counting is measuring: every role that sees anything of customers may."""
        return Access(self.actor, "measurement")

    @cached_property
    def rows_seen(self) -> bool:
        """Whether the actor reads single customers; counts are held back from who does not."""
        return sees_rows(self.access, manager_sees_rows=self.home.settings.privacy.manager_sees_rows)

    @cached_property
    def at(self) -> date:
        """The day of the list.

        Raises:
            NotFound: before the first run.
        """
        return last_day(self.read.guard, RUN)

    @cached_property
    def attributes(self) -> list[str]:
        """The names of the declared attributes."""
        told = self.read.guard.read("attribute", _RUN)
        return sorted(str(name) for name in self.read.frame(told.select("name").distinct())["name"])

    @cached_property
    def defined(self) -> list[Defined]:
        """What people defined."""
        return segment_log(self.home).defined()

    @cached_property
    def speech(self) -> Speech:
        """What this actor may write rules in."""
        return self.speech_for(self.access)

    def speech_for(self, access: Access) -> Speech:
        """The same for another purpose."""
        return speech_of(self.defined, vocabulary_for(access, attributes=self.attributes), currency=self.home.settings.currency)

    def table(self, name: str) -> ibis.Table:
        """The rows that count for this actor."""
        return within(self.read.guard, name, self.access, rows_seen=self.rows_seen)

    def members(self, rule: Rule) -> ibis.Table:
        """The customers among them who fulfil a rule."""
        return members(rule, {name: self.table(name) for name in TABLES_READ}, at=self.at)

    def sizes(self, rules: Sequence[Rule]) -> tuple[list[int], int]:
        """How many customers fulfil each rule, and how many there are: one look at the tables for all rules."""
        tables = {name: self.table(name) for name in TABLES_READ}
        rows = view(All(tuple(rules)), tables, at=self.at)
        sums = {f"n{place}": condition(rule, rows, at=self.at).cast("int64").sum().coalesce(0) for place, rule in enumerate(rules)}
        found = self.read.frame(rows.agg(among=rows.count(), **sums)).iloc[0]
        return [int(found[f"n{place}"]) for place in range(len(rules))], int(found["among"])

    def told(self, size: int, among: int) -> int | None:
        """A count as this actor may read it."""
        return size if self.rows_seen else told_size(size, among, smallest=self.home.settings.privacy.smallest_group)


def count(home: Home, read: Generation, actor: Actor, *, rule: str) -> Mapping[str, object]:
    """How many customers fulfil a rule now.

    Raises:
        UsageError: for a mistake in the rule; shows where.
        NotFound: before the first run.
        PrivacyError: for a role that has nothing to do with customers.
    """
    asked = Asked(home, read, actor)
    found = parse(rule, asked.speech)
    [size], among = asked.sizes([found])
    counted(read.guard, asked.access, asked=listed(sorted({term.name for term in terms_of(found)})), count=size)
    return {**_said(found, home), **_sized(asked, size, among)}


def add(home: Home, read: Generation, actor: Actor, *, name: str, rule: str) -> Mapping[str, object]:
    """Save a rule as a segment; the next run notes who comes in and who leaves.

    Raises:
        UsageError: for a mistake in the rule, or a name that is taken or cannot be one.
        PrivacyError: for a role that does not define segments, or a column that may not be used for them.
    """
    _refuse_unless_defines(actor)
    asked = Asked(home, read, actor)
    title = _title(asked, name)
    found = parse(rule, asked.speech_for(_RUN))
    [size], among = asked.sizes([found])
    segment_id = content_id("s", title, utc_now().isoformat())
    segment_log(home).note(Defined("rule", segment_id, "add", title, written(found, currency=home.settings.currency), by=actor.id))
    return {"segment_id": segment_id, "name": title, **_said(found, home), **_sized(asked, size, among)}


def rename(home: Home, read: Generation, actor: Actor, *, old: str, new: str) -> Mapping[str, object]:
    """Call a segment, or a group that was found, by another name; it keeps it when the groups are learned again.

    Raises:
        NotFound: when there is no such segment.
        UsageError: for a name that is taken or cannot be one, or a segment that another one's rule names.
    """
    _refuse_unless_defines(actor)
    asked = Asked(home, read, actor)
    one = find(asked, old)
    _refuse_named(asked, one, verb=Say("改名", "renamed"))
    title = _title(asked, new)
    segment_log(home).note(Defined(one.scheme, one.segment_id, "rename", title, one.rule, by=actor.id))
    return {"segment_id": one.segment_id, "scheme": one.scheme, "before": one.name, "name": title}


def remove(home: Home, read: Generation, actor: Actor, *, name: str) -> Mapping[str, object]:
    """Take a segment away; with the next run everybody has left it. Its history stays.

    Raises:
        NotFound: when there is no such segment.
        UsageError: for a group that was found, or a segment that another one's rule names.
    """
    _refuse_unless_defines(actor)
    asked = Asked(home, read, actor)
    one = find(asked, name)
    if one.scheme != "rule":
        raise UsageError(
            Say("自动分出的群不能删除。", "A group that was found cannot be taken away."),
            got=one.name,
            fix=Say("可以用 `zhiyin segments rename` 改名。", "Call it otherwise with `zhiyin segments rename`."),
        )
    _refuse_named(asked, one, verb=Say("删除", "taken away"))
    segment_log(home).note(Defined(one.scheme, one.segment_id, "remove", one.name, one.rule, by=actor.id))
    return {"segment_id": one.segment_id, "name": one.name}


def listing(home: Home, read: Generation, actor: Actor) -> Rows:
    """The segments that people defined, with live counts, then the value tiers and the behaviour groups of the last run."""
    asked = Asked(home, read, actor)
    rows, trees = [], []
    for one in (one for one in asked.defined if one.scheme == "rule"):
        row: dict[str, object] = {"scheme": "rule", "segment_id": one.segment_id, "name_zh": one.name, "name_en": one.name, "by": one.by}
        try:
            tree = parse(one.rule, asked.speech)
        except UsageError as wrong:
            rows.append(
                {**row, "rule": one.rule, "sentence_zh": wrong.in_("zh"), "sentence_en": wrong.in_("en"), "customers": None, "share": None}
            )
            continue
        trees.append((len(rows), tree))
        rows.append({**row, **_said(tree, home)})
    if trees:
        sizes, among = asked.sizes([tree for _, tree in trees])
        for (place, _), size in zip(trees, sizes, strict=True):
            rows[place] |= _sized(asked, size, among)
    return Rows([*rows, *_groups(asked)])


def words(home: Home, read: Generation, actor: Actor) -> Rows:
    """What a rule of this actor may speak of: name, what it is called, what it is compared with, its values."""
    known = Asked(home, read, actor).speech.words
    return Rows(
        {
            "name": term.name,
            "zh": term.words.zh,
            "en": term.words.en,
            "kind_zh": KINDS[term.kind].zh,
            "kind_en": KINDS[term.kind].en,
            "values": ", ".join(term.choices),
        }
        for term in known.terms.values()
    )


def find(asked: Asked, name: str) -> Defined:
    """A segment by its name or id, those that were found too.

    Raises:
        NotFound: when there is none; lists the names.
    """
    found = [one for one in asked.defined if name in (one.name, one.segment_id)]
    groups = _groups(asked)
    found += [
        Defined(str(row["scheme"]), str(row["segment_id"]), "add", str(row["name_zh"]))
        for row in groups
        if name in (row["segment_id"], row["name_zh"], row["name_en"])
    ]
    if not found:
        names = listed([*(one.name for one in asked.defined if one.scheme == "rule"), *(row["name_zh"] for row in groups)], most=40)
        raise NotFound(
            Say("没有这个分群。", "There is no such segment."),
            got=name,
            fix=Say(f"已有：{names or '还没有'}。", f"There are: {names or 'none yet'}."),
        )
    return found[0]


def _refuse_unless_defines(actor: Actor) -> None:
    """Segments are defined by who analyses.

    Raises:
        PrivacyError: for anybody else.
    """
    if "analysis" not in PURPOSES_OF_ROLE[actor.role]:
        raise PrivacyError(
            Say("这个角色不能新建或改动分群。", "This role may not make or change segments."),
            got=actor.role,
            fix=Say("可以用 `zhiyin segments count` 数人数；新建请找市场或分析人员。", "Count with `zhiyin segments count`; ask a marketer or analyst to save one."),
        )  # fmt: skip


def _groups(asked: Asked) -> list[dict[str, Any]]:
    """Value tiers and behaviour groups of the last run with their sizes, the greatest first."""
    if not asked.read.guard.holds("segment"):
        return []
    rows = asked.table("segment")
    keys = ["scheme", "segment_id", "name_zh", "name_en"]
    found = asked.read.frame(rows.group_by(keys).agg(size=rows.count())).sort_values(["scheme", "size"], ascending=[False, False])
    among = found.groupby("scheme")["size"].transform("sum")
    return [
        {**{name: row[name] for name in keys}, **_sized(asked, int(row["size"]), int(every))}
        for row, every in zip(found.to_dict("records"), among, strict=True)
    ]


def _said(rule: Rule, home: Home) -> dict[str, object]:
    told = sentence(rule, currency=home.settings.currency)
    return {"rule": written(rule, currency=home.settings.currency), "sentence_zh": told.zh, "sentence_en": told.en}


def _sized(asked: Asked, size: int, among: int) -> dict[str, object]:
    told = asked.told(size, among)
    return {"customers": told, "share": round(told / among, 4) if told is not None and among else None, "of": among}


def _title(asked: Asked, name: str) -> str:
    """A name that a segment can have.

    Raises:
        UsageError: when it cannot be one, or is taken.
    """
    title = " ".join(name.split())
    if not title or len(title) > LONGEST_NAME or any(sign in _FORBIDDEN for sign in title):
        raise UsageError(
            Say(
                f"分群的名字要有 1 到 {LONGEST_NAME} 个字，不能有引号。",
                f"The name of a segment has 1 to {LONGEST_NAME} signs and no quotes.",
            ),
            got=title[:LONGEST_NAME] or "-",
            fix=Say("换一个名字，例如 高价值沉睡。", "Choose another one, such as big-spenders-asleep."),
        )
    taken = {one.name for one in asked.defined} | {str(row[key]) for row in _groups(asked) for key in ("segment_id", "name_zh", "name_en")}
    if title in taken:
        raise UsageError(
            Say("已经有叫这个名字的分群。", "A segment is called so already."),
            got=title,
            fix=Say(
                "换一个名字，或先 `zhiyin segments rename` 旧的。",
                "Choose another name, or rename the old one with `zhiyin segments rename`.",
            ),
        )
    return title


def _refuse_named(asked: Asked, one: Defined, *, verb: Say) -> None:
    """Refuse to take away what other rules name: they could not be read any more.

    Raises:
        UsageError: names them.
    """
    mention = f'in segment "{one.name}"'
    users = [other.name for other in asked.defined if one.scheme == "rule" and mention in other.rule]
    if users:
        raise UsageError(
            Say(f"别的分群还在用它，不能{verb.zh}。", f"Other segments use it, so it cannot be {verb.en}."),
            got=listed(users),
            fix=Say("先删除它们，或改写它们的规则。", "Take them away first, or write their rules otherwise."),
        )
