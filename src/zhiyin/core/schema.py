"""What a table is made of: columns with type, unit, sensitivity and purposes, read from lines of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhiyin.core.words import Say

Kind = Literal["fact", "derived"]
Sensitivity = Literal["public", "personal", "sensitive"]
Purpose = Literal["identity", "analysis", "contact", "display", "measurement"]

PURPOSES: dict[Purpose, Say] = {
    "identity": Say("识别是否同一位客户", "tell whether two records are one customer"),
    "analysis": Say("建立画像、预测与推荐", "build profiles, predictions and recommendations"),
    "contact": Say("决定联系谁并联系客户", "decide whom to contact, and contact them"),
    "display": Say("给有权限的人查看", "show to who may see it"),
    "measurement": Say("衡量效果", "measure what worked"),
}
_PURPOSES_OF: dict[str, tuple[Purpose, ...]] = {
    "all": ("identity", "analysis", "contact", "display", "measurement"),
    "work": ("analysis", "contact", "display", "measurement"),
    "identity": ("identity",),
    "show": ("display",),
}

__all__ = ["PURPOSES", "WINDOWS", "Column", "Kind", "Purpose", "Sensitivity", "Table", "read_table", "windowed"]


@dataclass(frozen=True)
class Column:
    """One column: what it is called, in which unit, how private, and what it may be used for."""

    name: str
    type: str
    unit: str
    sensitivity: Sensitivity
    purposes: tuple[Purpose, ...]
    words: Say


@dataclass(frozen=True)
class Table:
    """One table of the lake: its key, its columns, and whether it is a fact or derived from facts."""

    name: str
    kind: Kind
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    words: Say

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def types(self) -> dict[str, str]:
        """Column name -> type, in the words of Ibis (string, int64, float64, boolean, date, timestamp)."""
        return {column.name: column.type for column in self.columns}

    @property
    def person(self) -> str:
        """The column that says whose row this is: customer_id, record_id, or empty where rows belong to nobody."""
        return next((name for name in ("customer_id", "record_id") if name in self.names), "")


def read_table(name: str, kind: Kind, key: str, zh: str, en: str, columns: str) -> Table:
    """Read a table from text: a line a column, `name | type | unit | sensitivity | purposes | zh | en`."""
    rows = [[cell.strip() for cell in row.split("|")] for row in columns.splitlines() if row]
    parsed = tuple(Column(n, t, u, s, _PURPOSES_OF[p], Say(z, e)) for n, t, u, s, p, z, e in rows)  # type: ignore[arg-type]
    return Table(name, kind, tuple(key.split()), parsed, Say(zh, en))


# Features are counted over the last N days before the day asked about, and over all that is known.
WINDOWS = (7, 14, 28, 56, 84)


def windowed(name: str, type_: str, unit: str, zh: str, en: str, *, days: tuple[int, ...] = WINDOWS, ever: bool = True) -> str:
    """One column a window, `name_28d`, and with `ever` one over all time, `name_all`."""
    rows = [f"{name}_{n}d | {type_} | {unit} | personal | work | 近{n}天{zh} | {en}, last {n} days" for n in days]
    return "\n".join([*rows, *([f"{name}_all | {type_} | {unit} | personal | work | 累计{zh} | {en}, all time"] if ever else [])]) + "\n"
