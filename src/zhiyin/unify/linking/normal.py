"""What does a cell say, whatever its case, its width, its blanks and its way of writing Chinese?"""

from __future__ import annotations

import functools
import re
import unicodedata

import pandas as pd

from zhiyin.unify.script import converted

__all__ = ["pinyin", "said"]

_NOTHING = frozenset(
    ["", "-", "--", "—", "——", "/", "\\n", "null", "none", "nan", "nat", "<na>", "n/a", "na", "#n/a", "unknown", "无", "暂无", "空", "未知"]
)
_HAN = re.compile("[一-鿿]")
_BLANKS = re.compile(r"\s+")


def said(cells: pd.Series) -> pd.Series:
    """Every cell as a normalised text, None where it says nothing.

    Full-width becomes half-width, letters small, blanks one, traditional Chinese simplified, whole numbers lose ".0" and
    midnight is left off a day.

    Example:
        >>> said(pd.Series([" Ｌｉ  Lei", "臺北", None, "N/A"])).tolist()
        ['li lei', '台北', None, None]
    """
    codes, values = pd.factorize(cells, use_na_sentinel=True)
    texts: list[str | None] = [_text(value) for value in values]
    table = pd.Series([*texts, None], dtype=object)  # code -1 takes the last: missing
    return pd.Series(table.to_numpy()[codes], index=cells.index, dtype=object)


def _text(value: object) -> str | None:
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if _HAN.search(text):
            text = converted(text)
    text = _BLANKS.sub(" ", text).strip().lower().removesuffix(" 00:00:00")
    if text.endswith(".0") and text[:-2].isdigit():  # a whole number that was read as a real one
        text = text[:-2]
    return None if text in _NOTHING else text


def pinyin(text: str) -> str:
    """How a Chinese text sounds, letter by letter and without tones; what is not Chinese stays as it is.

    Example:
        >>> pinyin("王丽"), pinyin("王莉 b")
        ('wang li', 'wang li b')
    """
    return _BLANKS.sub(" ", "".join(f" {_sound(letter)} " if _HAN.match(letter) else letter for letter in text)).strip()


@functools.cache
def _sound(letter: str) -> str:
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(letter)[0])
