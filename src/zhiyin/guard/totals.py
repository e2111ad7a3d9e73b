"""How many customers are there who fulfil a condition, for who may read each of them, and for who may read totals only?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.core.errors import PrivacyError
from zhiyin.core.tables import table_named
from zhiyin.guard.access import RUN, Access, Guard
from zhiyin.guard.audit import Question
from zhiyin.guard.purpose import allowed_columns
from zhiyin.guard.sight import scope_of, sight_of, told, visible_rows

if TYPE_CHECKING:
    import ibis

__all__ = ["blurred", "counted", "sees_rows", "told_size", "within"]


def sees_rows(access: Access, *, manager_sees_rows: bool) -> bool:
    """Whether the actor may read single customers, so that no count has to be held back.

    Raises:
        PrivacyError: when the role has nothing to do with customers.
    """
    scope_of(access.actor)
    try:
        sight_of(access.actor, manager_sees_rows=manager_sees_rows)
    except PrivacyError:
        return False
    return True


def within(guard: Guard, table: str, access: Access, *, rows_seen: bool) -> ibis.Table:
    """Rows to count: those that the actor may read, else those that stand behind the totals that the actor may read.

    The columns are always those that the purpose allows the actor. Who takes rows of the second kind shows counts only, by `told_size`.

    Raises:
        PrivacyError: when role or purpose may not.
    """
    definition = table_named(table)
    if rows_seen or not definition.person:
        return guard.read(table, access)
    columns, run = allowed_columns(definition, access), Access(RUN, "analysis")
    customers, identity = guard.read("customer", run), guard.read("identity", run)
    seen = visible_rows(guard.read(table, run), definition, customers=customers, identity=identity, sight=scope_of(access.actor))
    return seen.select(*(name for name in columns if name in seen.columns))


def told_size(size: int, among: int, *, smallest: int) -> int | None:
    """A count as it may be told to who reads totals only: to the nearest multiple of `smallest`.

    None where fewer than `smallest` customers stand behind it, or behind what is left of all, nobody included: a condition that
    fits one customer would else tell whether a second one does. Rounding keeps two great counts from telling the same by their
    difference.

    Example:
        >>> told_size(3, 1000, smallest=5), told_size(998, 1000, smallest=5), told_size(412, 1000, smallest=5)
        (None, None, 410)
    """
    if size < smallest or among - size < smallest:
        return None
    return round(size / smallest) * smallest


def blurred(figure: float) -> float:
    """A figure about a group as it may be told to who reads totals only: two digits.

    Two groups that differ by one customer then show the same mean, and not the customer's own figure.

    Example:
        >>> blurred(117_181.58), blurred(0.2345), blurred(0.0)
        (120000.0, 0.23, 0.0)
    """
    return float(f"{figure:.1e}")


def counted(guard: Guard, access: Access, *, asked: str, count: int) -> None:
    """Note in the audit what was counted; `asked` names columns and no values."""
    guard.audit.append(access, Question("counted", "profile", f"{told(scope_of(access.actor))} by {asked}", count, ""))
