"""Whose rows may this actor read? One rule, used as a relation for batches and as a condition for single answers.

Who may see is a relation, not a question per row: lists, counts and pages follow from it, and it cannot be forgotten for one of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from zhiyin.core.errors import PrivacyError
from zhiyin.core.tables import Table
from zhiyin.core.words import Say
from zhiyin.guard.actors import Actor

if TYPE_CHECKING:
    import ibis

__all__ = ["Sight", "scope_of", "sight_of", "summarised", "told", "visible", "visible_rows"]

Sight = Mapping[str, str] | None  # customers with these values; None: all customers

_OUR_ID = re.compile(r"[a-z]{1,2}[a-z2-7]{12}")  # core/ids.py: says nothing about a person
_AGGREGATES_ONLY = Say("这个角色只能看汇总，不能看单个客户。", "This role sees totals only, not single customers.")
_ASK_TOTALS = Say("改问汇总，或请负责人查看。", "Ask for totals, or ask the person in charge.")


def sight_of(actor: Actor, *, manager_sees_rows: bool) -> Sight:
    """Whose single rows the actor may read.

    Raises:
        PrivacyError: when the role reads no single rows, whether or not they exist.
    """
    if actor.role in ("owner", "run", "analyst"):
        return None
    if actor.role == "rep":
        return {"owner_id": _own(actor)}
    if actor.role == "lead":
        return {"team_id": _team(actor)}
    if actor.role == "manager" and manager_sees_rows:
        return {"team_id": actor.team} if actor.team else None
    raise PrivacyError(_AGGREGATES_ONLY, got=actor.role, fix=_ASK_TOTALS)


def scope_of(actor: Actor) -> Sight:
    """Whose rows count in the totals that the actor may read.

    Raises:
        PrivacyError: when the role has nothing to do with customers.
    """
    if actor.role in ("owner", "run", "analyst", "marketer"):
        return None
    if actor.role == "rep":
        return {"owner_id": _own(actor)}
    if actor.role == "lead":
        return {"team_id": _team(actor)}
    if actor.role == "manager":
        return {"team_id": actor.team} if actor.team else None
    raise PrivacyError(Say("这个角色不看客户内容。", "This role does not see customer content."), got=actor.role, fix=_ASK_TOTALS)


def visible(customers: ibis.Table, actor: Actor, *, manager_sees_rows: bool) -> ibis.Table:
    """Rows of `customer` that `actor` may read one by one: a rep's own, a lead's team, nobody else's."""
    return _matching(customers, sight_of(actor, manager_sees_rows=manager_sees_rows))


def visible_rows(rows: ibis.Table, table: Table, *, customers: ibis.Table, identity: ibis.Table, sight: Sight) -> ibis.Table:
    """Rows of any table whose customer lies within `sight`; rows that belong to nobody pass for nobody but all-seeing actors."""
    if sight is None:
        return rows
    if table.name == "customer":
        return _matching(rows, sight)
    seen = _matching(customers, sight)
    if table.person == "customer_id":
        return rows.semi_join(seen, "customer_id")
    return rows.semi_join(identity.semi_join(seen, "customer_id"), "record_id")


def summarised(rows: ibis.Table, *, by: str, measures: Mapping[str, str], smallest: int) -> ibis.Table:
    """Totals a group, never over fewer than `smallest` customers.

    A figure over too few customers is left out, and with it the next smallest ones until `smallest` customers stand behind what is
    left out: what is missing can then not be computed from a total known elsewhere. The same holds for each measure, where only
    customers count who add something to it.

    Args:
        rows: with a column `customer_id`.
        by: the column that makes groups.
        measures: column -> "sum" or "mean".
        smallest: customers a group needs.

    Returns:
        `by`, customers, and a column a measure (empty where left out), largest group first.
    """
    customer = rows["customer_id"]
    totals = {name: rows[name].sum() if how == "sum" else rows[name].mean() for name, how in measures.items()}
    behind = {f"{name} customers": customer.nunique(where=rows[name].notnull() & (rows[name] != 0)) for name in measures}
    groups = rows.group_by(by).agg(customers=customer.nunique(), **totals, **behind)
    groups = groups.mutate(hidden=_left_out(groups, "customers", by=by, seed=groups["customers"] < smallest, smallest=smallest))
    shown = {}
    for name in measures:
        size = groups[f"{name} customers"]
        few = groups["hidden"] | ((size > 0) & (size < smallest))
        shown[name] = _left_out(groups, size.get_name(), by=by, seed=few, smallest=smallest).ifelse(None, groups[name])
    kept = groups.mutate(**shown).filter(lambda group: ~group["hidden"]).select(by, "customers", *measures)
    return kept.order_by(kept["customers"].desc(), kept[by].asc())


def told(sight: Sight, where: Mapping[str, object] | None = None) -> str:
    """What the audit says about a condition: values of our own ids only, any other value may be personal."""
    parts = [f"{name}={value}" for name, value in (sight or {}).items()]
    parts += [f"{name}={value}" if isinstance(value, str) and _OUR_ID.fullmatch(value) else name for name, value in (where or {}).items()]
    return " ".join(parts) or "all"


def _left_out(groups: ibis.Table, size: str, *, by: str, seed: ibis.BooleanColumn, smallest: int) -> ibis.BooleanColumn:
    """The groups of `seed`, and the next ones in size that must go with them; a group with nobody behind it tells nothing."""
    import ibis

    rising = ibis.cumulative_window(order_by=[seed.desc(), groups[size].asc(), groups[by].asc()])
    before = groups[size].sum().over(rising) - groups[size]
    return seed | (seed.any().over(ibis.window()) & (groups[size] > 0) & (before < smallest))


def _matching(customers: ibis.Table, sight: Sight) -> ibis.Table:
    for name, value in (sight or {}).items():
        customers = customers.filter(customers[name] == value)
    return customers


def _own(actor: Actor) -> str:
    if not actor.id:  # it would match customers that nobody owns
        raise PrivacyError(
            Say("没有说是谁在问。", "Nobody says who asks."), got=actor.role, fix=Say("写明 --as 用户。", "Name the user with --as.")
        )
    return actor.id


def _team(actor: Actor) -> str:
    if not actor.team:
        raise PrivacyError(
            Say("这位主管没有团队。", "This lead has no team."),
            got=actor.role,
            fix=Say("在 zhiyin.toml 的 [[user]] 里写上 team。", "Name the team in [[user]] of zhiyin.toml."),
        )
    return actor.team
