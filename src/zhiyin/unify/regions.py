"""In which provinces and cities may something be sold, and in which of them is a customer? Both under the same full names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from zhiyin.unify.addresses import place

__all__ = ["regions", "whereabouts"]

_BETWEEN = re.compile(r"[\[\]\"、，,；;|/\n]+")
_EVERYWHERE = frozenset(["全国", "全部", "不限", "everywhere", "all"])


def regions(cell: str) -> str | None:
    """The places that a cell lists, as a JSON list, which is empty where it says everywhere; None where it says nothing.

    Example:
        >>> regions("浙江、上海市，深圳"), regions('["CA", "NV"]'), regions("全国"), regions("、")
        ('["浙江省", "上海市", "深圳市"]', '["CA", "NV"]', '[]', None)
    """
    parts = [part.strip() for part in _BETWEEN.split(cell) if part.strip()]
    everywhere = any(part.lower() in _EVERYWHERE for part in parts)
    named = dict.fromkeys(_places(part)[-1] for part in parts if not everywhere)
    return json.dumps(list(named), ensure_ascii=False) if parts else None


def whereabouts(told: Iterable[str]) -> frozenset[str]:
    """The names of where somebody is, from what is told of country, province and city: a city is in its province too.

    Example:
        >>> sorted(whereabouts(["杭州"])), sorted(whereabouts(["CA"]))
        (['杭州市', '浙江省'], ['CA'])
    """
    return frozenset(name for text in told for name in _places(text.strip()))


def _places(text: str) -> tuple[str, ...]:
    """The full names of a province and, within it, a city; of other places the text as it is."""
    found = place(text)
    return tuple(filter(None, found)) if found else tuple(filter(None, (text,)))
