"""What a rule is once it was read: a tree of conditions, each with its term and its value in the unit of the column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhiyin.predict.rules.terms import Term

__all__ = ["All", "Among", "Any", "Between", "Compared", "Inside", "Known", "Not", "Rule", "Value", "Within", "terms_of"]


@dataclass(frozen=True)
class Within:
    """A day so many days before the day of the list."""

    days: int


Value = int | float | str | date | Within


@dataclass(frozen=True)
class Compared:
    """A term beside a value: one of = != < <= > >=."""

    term: Term
    how: str
    value: Value


@dataclass(frozen=True)
class Among:
    """A term that is one of several values."""

    term: Term
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Between:
    """A term from `low` to `high`, both included."""

    term: Term
    low: Value
    high: Value


@dataclass(frozen=True)
class Known:
    """Anything is known of a term."""

    term: Term


@dataclass(frozen=True)
class Inside:
    """The rule of another segment, by its name."""

    name: str
    rule: Rule


@dataclass(frozen=True)
class Not:
    """The contrary."""

    part: Rule


@dataclass(frozen=True)
class All:
    """All of them hold."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Any:
    """At least one holds."""

    parts: tuple[Rule, ...]


Rule = Compared | Among | Between | Known | Inside | Not | All | Any


def terms_of(rule: Rule) -> Iterator[Term]:
    """Every term that a rule asks about, those of other segments too."""
    match rule:
        case All(parts) | Any(parts):
            for part in parts:
                yield from terms_of(part)
        case Not(part) | Inside(_, part):
            yield from terms_of(part)
        case Compared(term=term) | Among(term=term) | Between(term=term) | Known(term=term):
            yield term
