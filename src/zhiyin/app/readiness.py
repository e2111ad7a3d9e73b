"""Is everything sound, and are the data good enough for the goal?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from zhiyin.act.goals import goal_named
from zhiyin.app.codes import label_of
from zhiyin.app.drift import drift
from zhiyin.app.home import Home
from zhiyin.app.rows import Rows
from zhiyin.core.errors import PrivacyError
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Language, Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.store.health import findings
from zhiyin.unify.outliers import OUTLIERS
from zhiyin.unify.refusals import REASONS

__all__ = ["audit", "check", "doctor"]

SELDOM = 0.9  # a column that fewer rows tell is named
MOST_NAMED = 5
MOVED = 0.02  # a share that changed by less is not worth a word
_LANGUAGES: tuple[Language, Language] = ("zh", "en")
# What a goal cannot do without, and what makes it better: table -> why.
_NEEDS: dict[str, dict[str, Say]] = {
    "conversion": {
        "event": Say("没有浏览事件，算不出访问到购买的转化率。", "Without visits there is no conversion rate from visit to order."),
        "touch": Say("没有触达记录，看不出谁响应了活动。", "Without contacts nobody knows who answers a campaign."),
    },
    "repurchase": {
        "order_line": Say("没有订单，就没有复购。", "Without orders there is no repurchase."),
        "product": Say("没有商品表，推荐不出商品。", "Without products nothing can be recommended."),
    },
    "retention": {"order_line": Say("没有订单，看不出谁在流失。", "Without orders nobody knows who is leaving.")},
    "service": {
        "order_line": Say("没有订单，看不出客户习惯。", "Without orders habits are unknown."),
        "outcome": Say("没有服务结果，无法改进服务。", "Without outcomes service cannot improve."),
    },
}


def check(home: Home, guard: Guard, actor: Actor) -> Rows:
    """One row a finding: what the goal needs and has, then the quality of each source."""
    access = Access(actor, "measurement")
    goal = goal_named(home.settings.goal)
    rows = [_need(guard, access, table, why) for table, why in _NEEDS[goal.name].items()]
    batches = guard.rows("batch", access, where={}, order="source")
    rows += [_loaded(batch, _reasons(guard, access, batch)) for batch in batches]
    measured = groupby(
        guard.rows("quality", access, where={}, order="source, table_name"), key=lambda row: (row["source"], row["table_name"])
    )
    return Rows([*rows, *(_measured(str(source), str(table), list(found)) for (source, table), found in measured if table != "batch")])


def _measured(source: str, table: str, found: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """How many rows of a kind a source gave, how fresh they were when they came, and what they seldom tell."""
    whole = {str(row["measure"]): float(str(row["value"])) for row in found if not row["column_name"]}
    filled = [(float(str(row["value"])), str(row["column_name"])) for row in found if row["measure"] == "filled"]
    seldom = sorted(one for one in filled if one[0] < SELDOM)[:MOST_NAMED]
    parts = [Say(f"{whole['rows']:,.0f} 行", f"{whole['rows']:,.0f} rows")]
    if "fresh_days" in whole:
        days = whole["fresh_days"]
        parts.append(Say(f"最后一天在导入前 {days:,.0f} 天", f"the last day was {days:,.0f} days before the import"))
    if "reachable" in whole:
        parts.append(Say(f"{whole['reachable']:.0%} 有联系方式", f"{whole['reachable']:.0%} can be reached"))
    parts += _changes(table, found)
    if seldom:
        zh, en = ("、".join(f"{label_of(name, table, language=lang)} {share:.0%}" for share, name in seldom) for lang in ("zh", "en"))
        parts.append(Say(f"很少填写：{zh}", f"seldom filled: {en.replace('、', ', ')}"))
    what = Say(
        f"{source} 的{TABLES[table].words.zh}：{'；'.join(part.zh for part in parts)}。",
        f"{source}, {table.replace('_', ' ')}: {'; '.join(part.en for part in parts)}.",
    )
    return _row(f"quality.{source}.{table}", True, what, Say("", ""))


def _changes(table: str, found: Sequence[Mapping[str, object]]) -> list[Say]:
    """What is told clearly more or less often than before it last changed: the trend of a source."""
    moved = []
    for row in found:
        if row["before"] is not None and row["measure"] in ("filled", "reachable"):
            now, before = float(str(row["value"])), float(str(row["before"]))
            if abs(now - before) >= MOVED:
                moved.append((abs(now - before), str(row["column_name"]), before, now))
    said = []
    for _, column, before, now in sorted(moved, reverse=True)[:MOST_NAMED]:
        names = {lang: label_of(column, table, language=lang) for lang in _LANGUAGES} if column else {"zh": "联系方式", "en": "reachable"}
        said.append(Say(f"{names['zh']} {before:.0%} → {now:.0%}", f"{names['en']} {before:.0%} → {now:.0%}"))
    return said


def _need(guard: Guard, access: Access, table: str, why: Say) -> dict[str, object]:
    count = guard.count(table, access, where={})
    what = Say(f"{TABLES[table].words.zh}：{count:,} 行。", f"{table.replace('_', ' ').capitalize()}s: {count:,}.") if count else why
    fix = Say("", "") if count else Say("在 zhiyin.toml 里加一个来源。", "Add a source to zhiyin.toml.")
    return _row(f"goal.{table}", count > 0, what, fix)


def _reasons(guard: Guard, access: Access, batch: Mapping[str, object]) -> list[Say]:
    """Why rows of an import were refused, in words, with how many and the first of them."""
    found = []
    for code in (*REASONS, *OUTLIERS, "id_conflict") if batch["refused"] else ():
        where = {"batch_id": batch["batch_id"], "code": code}
        count = guard.count("refused", access, where=where)
        if count:
            first = guard.rows("refused", access, where=where, order="source_row", limit=1)[0]
            at = first["source_row"]
            found.append(
                Say(
                    f"{count:,} 行（如第 {at} 行）：{str(first['reason_zh']).rstrip('。')}",
                    f"{count:,} {'row' if count == 1 else 'rows'} (row {at}, for one): {str(first['reason_en']).rstrip('.')}",
                )
            )
    return found


def _loaded(batch: Mapping[str, object], reasons: Sequence[Say]) -> dict[str, object]:
    read, refused = int(str(batch["read"])), int(str(batch["refused"]))
    share = refused / read if read else 0.0
    source = batch["source"]
    dropped = int(str(batch["dropped"] or 0))
    undeclared = Say(f"，丢弃未声明的值 {dropped:,} 个", f", {dropped:,} values of undeclared columns dropped") if dropped else Say("", "")
    what = Say(
        f"{source}：读入 {read:,} 行，拒收 {refused:,} 行（{share:.1%}）{undeclared.zh}。",
        f"{source}: {read:,} {'row' if read == 1 else 'rows'} read, {refused:,} refused ({share:.1%}){undeclared.en}.",
    )
    fix = (
        Say("；".join(reason.zh for reason in reasons) + "。", "; ".join(reason.en for reason in reasons) + ".") if reasons else Say("", "")
    )
    return _row(f"source.{batch['source']}", share <= 0.05, what, fix)


def doctor(home: Home, *, back_to: str) -> Rows:
    """One row a check of libraries, key, disk and files; first `back_to`, a kept snapshot, is made the current one again."""
    if back_to:
        home.lake.point_to(back_to)
    checked = [_row(finding.name, finding.ok, finding.what, finding.fix) for finding in findings(home.folder, home.keys)]
    return Rows(checked + (drift(home) if all(row["ok"] for row in checked) else []))


def audit(guard: Guard, actor: Actor) -> Mapping[str, object]:
    """Whether the chain of audit entries is whole.

    Raises:
        PrivacyError: for anybody but the owner and an auditor.
    """
    if actor.role not in ("owner", "auditor"):
        raise PrivacyError(
            Say("审计记录只给主人和审计员看。", "The audit log is for the owner and the auditor."),
            got=actor.role,
            fix=Say("请审计员运行。", "Ask the auditor to run it."),
        )
    verdict = guard.audit.verify()
    return {"ok": verdict.ok, "entries": verdict.entries, "broken_at": verdict.broken_at}


def _row(name: str, ok: bool, what: Say, fix: Say) -> dict[str, object]:
    return {"name": name, "ok": ok, "what_zh": what.zh, "what_en": what.en, "fix_zh": fix.zh, "fix_en": fix.en}
