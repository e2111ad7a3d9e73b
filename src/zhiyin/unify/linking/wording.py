"""Which words, numbers and part numbers does a text name?

Pure functions over texts. `folded` takes the writing away that means nothing; `words`, `numbers` and `codes` read
what is left. A code is a part or model number ("KDL-32M4000", "ts-mr1640", "0101060900"): letters with digits, or
many digits, its hyphens gone, since one shop writes them and the next does not.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

__all__ = ["codes", "folded", "joined", "number", "numbers", "squashed", "words"]

_SPOKEN = str.maketrans({"’": "'", "‘": "'", "′": "'", "″": '"', "”": '"', "“": '"', "×": "x", "–": "-", "—": "-", "&": " and "})
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ALIEN = re.compile(rf"[{_HAN}]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TORN = re.compile(r"(?<=\d) ?\. ?(?=\d+\b)")  # "f/2 .8", "11 .5": tokenised exports tear a number at its point
_CHUNK = re.compile(rf"[^\s{_HAN}]+|[{_HAN}]+")
_PIECE = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|\w+")
_RUN = re.compile(r"[^\W_]+(?:\.\d+)?")
_NUMBER = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)?)(?=[a-z]{0,12}(?![\w]))|(?<=[a-z])(\d{1,2})(?![\w.])")
_JOINT = re.compile(r"[-/_.#*]+")
_SMALL = {"a", "an", "and", "at", "by", "for", "in", "no", "of", "on", "or", "the", "to", "up", "v", "w", "x"}
_MONEY = re.compile(r"[$€£¥￥元%, ]|rmb|cny|usd", re.IGNORECASE)


def folded(text: str | None) -> str:
    """A normalised cell (see `normal.said`) without accents, curly quotes, thousands commas and torn decimals."""
    if not text:
        return ""
    plain = text.translate(_SPOKEN)
    if not plain.isascii():
        parts = unicodedata.normalize("NFD", plain)
        plain = unicodedata.normalize("NFC", "".join(sign for sign in parts if not "\u0300" <= sign <= "\u036f"))
    return " ".join(_TORN.sub(".", _THOUSANDS.sub("", plain)).split())


def words(text: str) -> list[str]:
    """The words of a folded text; Han runs as their signs in twos, a number apart from its unit, codes also as one word."""
    found: list[str] = []
    for chunk in _CHUNK.findall(text):
        if _ALIEN.match(chunk):
            found += [chunk[at : at + 2] for at in range(max(1, len(chunk) - 1))]
            continue
        runs = _RUN.findall(chunk)
        for run in runs:
            found += [_plain(piece) for piece in _PIECE.findall(run)] if not run.isalpha() else [_plain(run)]
        joined = squashed(chunk)
        if len(joined) > 3 and not joined.isalpha() and not _is_amount(joined):
            found.append(joined)
    return found


def squashed(chunk: str) -> str:
    """Letters and digits alone: "KDL-32M4000" and "kdl32m4000" are one."""
    return "".join(_RUN.findall(_JOINT.sub("", chunk))).replace(".", "")


def number(text: object) -> float:
    """The amount in a cell, currency signs and thousands commas passed over; NaN where it is none."""
    if isinstance(text, int | float):
        return float(text)
    try:
        return float(_MONEY.sub("", str(text)))
    except ValueError:
        return float("nan")


def numbers(text: str) -> frozenset[str]:
    """The numbers of a folded text as plain decimals: sizes, versions, years, counts, Roman ones from ii."""
    found = {_plain(first or second) for first, second in _NUMBER.findall(text) if len(first) < 6 or "." in first}
    found |= {_ROMAN[word] for word in _RUN.findall(text) if word in _ROMAN}
    return frozenset(found)


def codes(text: str, *, least: int = 4) -> frozenset[str]:
    """Part and model numbers of a folded text, squashed; "rs 120" is read as rs120 as well."""
    found: set[str] = set()
    chunks = text.split()
    for before, chunk in zip(["", *chunks], chunks, strict=False):
        joined = squashed(chunk)
        if _is_code(joined, least):
            found.add(joined)
        if joined.isdigit() and len(joined) > 1 and before.isalpha() and before.isascii() and len(before) < 4 and before not in _SMALL:
            found.add(before + joined)
    return frozenset(found)


def _is_code(joined: str, least: int) -> bool:
    digits = sum(sign.isdigit() for sign in joined)
    if len(joined) < least or not digits or not joined.isascii() or _is_amount(joined):
        return False
    return digits < len(joined) or digits > 4


_AMOUNT = re.compile(
    r"\d+(?:\.\d+)?(?:x\d+)*(?:st|nd|rd|th|p|i|k|w|v|a|mm|cm|m|km|in|inch|ft|oz|lb|lbs|kg|g|mg|ml|l|gb|tb|mb|kb|hz|khz|mhz|ghz|"
    r"mp|megapixel|mah|watt|watts|volt|volts|pack|pk|ct|count|page|pages|port|disc|piece|pc|pcs|user|users|bit|way|"
    r"hour|hr|min|minute|sec|year|month|day|ch|channel|db|dbi|dpi|ppm|rpm|x|s)?"
)


@functools.lru_cache(maxsize=1 << 16)
def _is_amount(joined: str) -> bool:
    """Whether this is a number with its unit rather than a name: 32in, 4gb, 1080p, 8x10."""
    if joined.isdigit():
        return len(joined) < 5
    return _AMOUNT.fullmatch(joined) is not None


def _plain(piece: str) -> str:
    """A number as a plain decimal ("11.0" is 11), a Roman numeral as a number, a word as it is."""
    if piece[0].isdigit():
        whole, _, part = piece.partition(".")
        part = part.rstrip("0")
        return (whole.lstrip("0") or "0") + ("." + part if part else "")
    return _ROMAN.get(piece, piece)


def joined(texts: Sequence[str]) -> str:
    """Several cells of one row as one text."""
    return " ".join(text for text in texts if text)
