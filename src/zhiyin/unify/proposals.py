"""Which values are probably mistakes, and what was probably meant? Proposals for a person, each with its rule and confidence.

A rule that people reject loses confidence and at last stops proposing. Digits are never guessed: nothing tells which of them was
mistyped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.core.words import Say
from zhiyin.unify.addresses import place
from zhiyin.unify.companies import company
from zhiyin.unify.divisions import DIVISIONS
from zhiyin.unify.script import simplified

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["LEAST", "RULES", "Proposal", "Rule", "category_proposals", "city_proposals", "company_proposals", "email_proposals", "trusted"]


class Proposal(NamedTuple):
    """What to read instead of what: for one record, or (with an empty `record_id`) wherever the value stands."""

    rule: str
    table_name: str
    record_id: str
    column_name: str
    told: str
    proposed: str
    confidence: float


class Rule(NamedTuple):
    """How a kind of mistake is called, and how often the proposals are right before anybody has said so."""

    words: Say
    prior: float


RULES: dict[str, Rule] = {
    "email_domain": Rule(Say("邮箱域名拼错", "mistyped e-mail domain"), 0.95),
    "city": Rule(Say("城市名写错", "misspelt city"), 0.85),
    "category": Rule(Say("同一品类的两种写法", "two spellings of a category"), 0.9),
    "company": Rule(Say("同一家公司的两种写法", "two spellings of a company"), 0.75),
}
LEAST = 0.4  # a rule below this proposes nothing any more
_WEIGHT = 3  # a prior counts like three decisions

_DOMAINS = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "foxmail.com", "sina.com", "sohu.com", "aliyun.com", "live.com",
    "qq.com", "163.com", "126.com", "139.com", "189.cn", "yeah.net",
)  # fmt: skip
_REAL = frozenset(  # one letter from a domain above, and in use themselves
    ["mail.com", "ymail.com", "email.com", "gmx.com", "sina.cn", "live.cn", "yahoo.cn", "yahoo.co", "me.com", "outlook.cn", "hotmail.co", "qq.cn", "soho.com", "aliyun.cn", "163.net", "126.net", "vip.com"]
)  # fmt: skip
_ENDS = {"con": "com", "cim": "com", "vom": "com", "comm": "com", "om": "com", "cm": "com", "ocm": "com", "cpm": "com", "xom": "com", "c0m": "com", "coml": "com", "com.": "com"}  # fmt: skip
_OFTEN = 5  # a domain that so many records have is no slip
_SEVERAL_OF = 3.0  # the usual spelling stands at least so many times as often as the odd one


def trusted(rule: str, *, accepted: int, rejected: int) -> float:
    """How sure a rule is after what people said to its proposals.

    Example:
        >>> trusted("email_domain", accepted=0, rejected=0), round(trusted("email_domain", accepted=0, rejected=5), 2)
        (0.95, 0.36)
    """
    return (RULES[rule].prior * _WEIGHT + accepted) / (_WEIGHT + accepted + rejected)


def email_proposals(people: pa.Table) -> Iterator[Proposal]:
    """Addresses whose domain is a slip of the keyboard away from one that everybody uses.

    Args:
        people: the answer of `people.identifiers`, with `column` and `value`.
    """
    rows = [
        (record, value)
        for record, column, value in zip(*(people[name].to_pylist() for name in ("record_id", "column", "value")), strict=True)
        if column == "email"
    ]
    domains = Counter(value.rpartition("@")[2] for _, value in rows)
    meant = {domain: _meant(domain) for domain, count in domains.items() if count < _OFTEN}
    for record, value in rows:
        user, _, domain = value.rpartition("@")
        if better := meant.get(domain):
            yield Proposal("email_domain", "record", record, "email", value, f"{user}@{better}", RULES["email_domain"].prior)


def city_proposals(told: Mapping[str, int]) -> Iterator[Proposal]:
    """City names that are none, one sign from exactly one city, or the same in sound.

    Args:
        told: value of the attribute -> how many records have it.
    """
    for text in sorted(told):
        plain = simplified(text)
        if place(plain) is not None or not 2 <= len(plain) <= 8:
            continue
        near = _near_cities(plain)
        if len(near) == 1:
            yield Proposal("city", "attribute", "", "city", text, near[0], RULES["city"].prior)


def category_proposals(told: Mapping[str, int]) -> Iterator[Proposal]:
    """Categories that differ in blanks, case, width, script or a plural only; the one that more products have is proposed."""
    yield from _spellings("category", "product", told, key=_category_key)


def company_proposals(told: Mapping[str, int]) -> Iterator[Proposal]:
    """Names of one company in several spellings; the one that most records have is proposed."""
    yield from _spellings("company", "attribute", told, key=_company_key)


def _spellings(rule: str, table: str, told: Mapping[str, int], *, key: object) -> Iterator[Proposal]:
    groups: defaultdict[object, list[str]] = defaultdict(list)
    for text in told:
        groups[key(text)].append(text)  # type: ignore[operator]
    for same, texts in groups.items():
        if same is None or len(texts) < 2:
            continue
        best = min(texts, key=lambda text: (-told[text], -len(text), text))
        for text in sorted(texts):
            if text != best:
                yield Proposal(rule, table, "", rule, text, best, RULES[rule].prior)


def _category_key(text: str) -> object:
    plain = "".join(sign for sign in simplified(text).casefold() if sign.isalnum())
    if not plain:
        return None
    return plain[:-1] if plain.isascii() and len(plain) > 3 and plain.endswith("s") and not plain.endswith("ss") else plain


def _company_key(text: str) -> object:
    found = company(text)
    if found is None or len(found.core) < 2 or found.branch:
        return None
    return found.core, found.trade


def _meant(domain: str) -> str | None:
    """The domain that everybody uses and that this one is a slip away from; None where it may be meant as it is."""
    if domain in _DOMAINS or domain in _REAL:
        return None
    name, _, end = domain.rpartition(".")
    whole = f"{name}.{_ENDS[end]}" if end in _ENDS else ""
    if whole in _DOMAINS:
        return whole
    letters = [known for known in _DOMAINS if not any(sign.isdigit() for sign in known) and len(known) >= 7]
    near = [known for known in letters if _one_slip(whole or domain, known)]
    return near[0] if len(near) == 1 else None


def _one_slip(told: str, meant: str) -> bool:
    """Whether one sign was left out, added, changed or swapped with its neighbour."""
    if told == meant or abs(len(told) - len(meant)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(told, meant, strict=False)) if a != b), min(len(told), len(meant)))
    a, b = told[start:], meant[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])


def _near_cities(text: str) -> list[str]:
    stem = text.removesuffix("市")
    by_sound = sorted(_by_sound().get(_sound(stem), ()))
    if len(by_sound) == 1:
        return [by_sound[0]]
    return sorted({city for city in _cities() if len(stem) > 2 and _one_slip(stem, city.removesuffix("市"))}) or by_sound


@cache
def _cities() -> tuple[str, ...]:
    rows: Iterable[str] = (row.partition(" ")[2].partition(":")[0] for row in DIVISIONS.split("\n") if row[:4].isdigit())
    return tuple(city for city in rows if city.endswith("市"))


@cache
def _by_sound() -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for city in _cities():
        found[_sound(city.removesuffix("市"))].add(city)
    return dict(found)


def _sound(text: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(text, style=Style.NORMAL))
