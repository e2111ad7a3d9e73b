"""Why are two records one customer or not, who decided it, and how does a person decide it otherwise?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zhiyin.app.home import Home
from zhiyin.app.identity_words import told_finding, told_pair
from zhiyin.app.known import Reader
from zhiyin.app.linking import weigh
from zhiyin.app.reading import customer_of
from zhiyin.app.rows import Rows
from zhiyin.app.today import refuse_unless_owner
from zhiyin.app.whole import Whole, whole_of
from zhiyin.core.errors import NotFound, UsageError
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.store.merges import DECISIONS, Entry

__all__ = ["accept", "merge", "reject", "review", "unmerge", "why"]

_SHOWN = ("name", "phone", "masked_phone", "email", "address")
_MORE = Say("还有更多；-n 0 显示全部。", "There are more; -n 0 shows all.")
_MOST = 50  # pairs of a review list when no other number is asked for


def merge(home: Home, guard: Guard, actor: Actor, *, one: str, other: str, reason: str) -> Mapping[str, object]:
    """Say that two are one customer: one row of the merge log. Undone by `unmerge` with the same two.

    Raises:
        PrivacyError: for anybody but the owner.
        NotFound: when one of them is not known.
        UsageError: when they are one customer already, or no reason is given.
    """
    refuse_unless_owner(actor)
    if not reason.strip():
        raise UsageError(
            Say("合并客户要写明原因。", "Merging customers needs a reason."),
            fix=Say("加上 --reason，例如 --reason 本人来电确认。", "Add --reason, for example --reason 'confirmed by phone'."),
        )
    first, second = (_record_of(home, guard, actor, said) for said in (one, other))
    before = whole_of(home, guard, record=first)
    if before and second in before.records:
        raise UsageError(
            Say("这两个编号已经是同一位客户。", "These two already are one customer."),
            got=f"{one}, {other} -> {before.customer_id}",
            fix=Say("`zhiyin why` 说明依据。", "`zhiyin why` tells the evidence."),
        )
    seq = home.merges.decide(Entry("merge", first, second, by=actor.id, reason=reason))
    return _said(home, guard, seq, first=first, second=second)


def unmerge(home: Home, guard: Guard, actor: Actor, *, one: str, other: str, reason: str = "") -> Mapping[str, object]:
    """Say that two are not one customer: one row of the merge log; comparing never brings them together again.

    Raises:
        PrivacyError: for anybody but the owner.
        NotFound: when one of them is not known.
        UsageError: when they are the same record, or are apart already and nothing suggests otherwise.
    """
    refuse_unless_owner(actor)
    first, second = (_record_of(home, guard, actor, said, exact=True) for said in (one, other))
    if first == second:
        raise UsageError(
            Say("两个编号是同一份档案，拆不开。", "The two ids are one record, which cannot be parted."),
            got=f"{one}, {other}",
            fix=Say("`zhiyin explain` 列出一位客户的各份档案。", "`zhiyin explain` lists the records of a customer."),
        )
    seq = home.merges.decide(Entry("unmerge", first, second, by=actor.id, reason=reason))
    return _said(home, guard, seq, first=first, second=second)


def accept(home: Home, guard: Guard, actor: Actor, *, number: int) -> Mapping[str, object]:
    """Say of a pair on the review list that it is one person."""
    return _reviewed(home, guard, actor, number=number, kind="merge")


def reject(home: Home, guard: Guard, actor: Actor, *, number: int) -> Mapping[str, object]:
    """Say of a pair on the review list that it is two persons."""
    return _reviewed(home, guard, actor, number=number, kind="unmerge")


def _reviewed(home: Home, guard: Guard, actor: Actor, *, number: int, kind: str) -> Mapping[str, object]:
    pair = _pair_of(home, actor, number)
    seq = home.merges.decide(Entry(kind, pair.left_record, pair.right_record, by=actor.id, reason=f"review {number}"))
    return _said(home, guard, seq, first=pair.left_record, second=pair.right_record)


def review(home: Home, guard: Guard, actor: Actor, *, limit: int = _MOST) -> Rows:
    """Pairs that comparing left open, the likeliest first, with the evidence; identifiers masked.

    Raises:
        PrivacyError: for anybody but the owner.
    """
    refuse_unless_owner(actor)
    access = Access(actor, "identity")
    said = {(entry.left_record, entry.right_record) for entry in home.merges.decisions()}
    identity = {str(row["record_id"]): str(row["customer_id"]) for row in guard.rows("identity", access, where={})}
    rows = []
    for pair in home.merges.open_pairs():
        left, right = pair.left_record, pair.right_record
        apart = left in identity and right in identity and identity[left] != identity[right]
        if apart and (left, right) not in said:
            rows.append(pair)
        if limit and len(rows) > limit:
            break
    more = [_MORE] if limit and len(rows) > limit else []
    return Rows([_shown(guard, access, pair, identity) for pair in rows[: limit or None]], notes=more)


def _shown(guard: Guard, access: Access, pair: Entry, identity: Mapping[str, str]) -> dict[str, object]:
    ends = (pair.left_record, pair.right_record)
    known = guard.masked(ends, _SHOWN, access)
    return {
        "id": pair.seq,
        **told_pair(pair.bits),
        "left": _who(guard, access, ends[0], known, identity),
        "right": _who(guard, access, ends[1], known, identity),
        "findings": [told_finding(part) for part in pair.findings.split()],
    }


def _who(
    guard: Guard, access: Access, record: str, known: Mapping[str, Mapping[str, str]], identity: Mapping[str, str]
) -> dict[str, object]:
    source = guard.rows("record", access, where={"record_id": record})
    return {"record_id": record, "customer_id": identity.get(record, record), "source": source[0]["source"] if source else "", **known.get(record, {})}  # fmt: skip


def why(home: Home, read: Reader, actor: Actor, *, one: str, other: str) -> Mapping[str, object]:
    """What speaks for and against two being one person, what follows from it, and who decided when; identifiers masked.

    Where the two are customers of several records, the two records are told that say most.

    Raises:
        PrivacyError: for anybody but the owner.
        NotFound: when one of them is not known.
        UsageError: when both are the same record.
    """
    refuse_unless_owner(actor)
    guard, access = read.guard, Access(actor, "identity")
    ends = [_record_of(home, guard, actor, said, exact=True) for said in (one, other)]
    if ends[0] == ends[1]:
        raise UsageError(
            Say("两个编号是同一份档案。", "The two ids are one record."),
            got=f"{one}, {other}",
            fix=Say("给出两份不同的档案或两位客户。", "Name two records or two customers."),
        )
    wholes = [whole_of(home, guard, record=record) for record in ends]
    together = wholes[0] is not None and ends[1] in wholes[0].records
    left, right = sorted(ends)
    found = weigh(home, read, left=left, right=right)
    entries = home.merges.of_pair(left, right)
    decision = next((entry for entry in reversed(entries) if entry.kind in DECISIONS), None)
    identity = {record: whole.customer_id for record, whole in zip(ends, wholes, strict=True) if whole}
    known = guard.masked(ends, _SHOWN, access)
    return {
        "left": _who(guard, access, left, known, identity),
        "right": _who(guard, access, right, known, identity),
        "together": together,
        "kind": found.kind,
        **told_pair(found.bits),
        "findings": [told_finding(part) for part in found.findings.split()],
        "decision": _decision(decision),
        "path": _path(home, wholes[0], left, right) if together else [],
        "log": [_entry(entry) for entry in entries],
    }


def _decision(entry: Entry | None) -> dict[str, object] | None:
    return None if entry is None else {"kind": entry.kind, "by": entry.by, "at": entry.at, "reason": entry.reason}


def _entry(entry: Entry) -> dict[str, object]:
    return {"seq": entry.seq, "kind": entry.kind, "bits": entry.bits, "at": entry.at, "by": entry.by, "reason": entry.reason}


def _path(home: Home, whole: Whole | None, left: str, right: str) -> list[dict[str, object]]:
    """The links over which two records are one customer: the shortest way, told step by step."""
    records = list(whole.records) if whole else []
    steps: dict[str, list[tuple[str, str, float]]] = {}
    for one, other, kind, bits in _joins(home, records):
        steps.setdefault(one, []).append((other, kind, bits))
        steps.setdefault(other, []).append((one, kind, bits))
    came: dict[str, tuple[str, str, float]] = {left: ("", "", 0.0)}
    edge = [left]
    while edge and right not in came:
        beside = [(other, record, kind, bits) for record in edge for other, kind, bits in sorted(steps.get(record, []))]
        edge = []
        for other, record, kind, bits in beside:
            if other not in came:
                came[other] = (record, kind, bits)
                edge.append(other)
    way: list[dict[str, object]] = []
    at = right
    while at in came and came[at][0]:
        before, kind, bits = came[at]
        way.append({"from": before, "to": at, "kind": kind, **told_pair(bits)})
        at = before
    return way[::-1]


def _joins(home: Home, records: Sequence[str]) -> Iterable[tuple[str, str, str, float]]:
    yield from ((one.left_record, one.right_record, one.kind, one.bits) for one in home.merges.joins(records))
    last = {(entry.left_record, entry.right_record): entry for entry in home.merges.decisions(records)}
    yield from ((left, right, entry.kind, 0.0) for (left, right), entry in last.items() if entry.kind == "merge")


def _record_of(home: Home, guard: Guard, actor: Actor, said: str, *, exact: bool = False) -> str:
    """The record that somebody means: a record id as it is, otherwise a record of the customer, or of the company's own id."""
    access = Access(actor, "display")
    found = guard.rows("record", access, where={"record_id": said})
    if found:
        return said
    own = [row["record_id"] for row in guard.rows("record", access, where={"record_id": home.vault.find("source_key", said)})]
    if len(own) == 1:
        return str(own[0])
    return customer_of(home, guard, access, said=said)


def _pair_of(home: Home, actor: Actor, number: int) -> Entry:
    refuse_unless_owner(actor)
    entry = home.merges.entry(number)
    if entry is None or entry.kind in DECISIONS:
        raise NotFound(
            Say("复核名单里没有这一项。", "The review list has no such entry."),
            got=str(number),
            fix=Say("`zhiyin review` 列出编号。", "`zhiyin review` lists the numbers."),
        )
    return entry


def _said(home: Home, guard: Guard, seq: int, *, first: str, second: str) -> Mapping[str, object]:
    """What became of the two."""
    wholes = [whole_of(home, guard, record=record) for record in (first, second)]
    return {
        "seq": seq,
        "customers": sorted({whole.customer_id for whole in wholes if whole}),
        "records": {whole.customer_id: list(whole.records) for whole in wholes if whole},
    }
