"""How is the same text written by everybody: half-width, simplified characters, without blanks inside Chinese?"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

__all__ = ["converted", "is_chinese", "simplified"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_BOTH = frozenset("乾著藉覆夥")  # characters that simplified text has too: 乾安县, 李乾; alone they prove nothing
_BLANK_INSIDE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


def is_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return _HAN.search(text) is not None


def simplified(text: str) -> str:
    """Text with half-width signs, simplified characters, single blanks, and none between two Chinese characters.

    Example:
        >>> simplified("　廣東省　深圳市 ＡＢＣ １２３  號")
        '广东省深圳市 ABC 123 号'
    """
    if text.isascii():
        return " ".join(text.split())
    found = " ".join(unicodedata.normalize("NFKC", text).split())
    if not is_chinese(found):
        return found
    told = converted(found)
    if told != found and not ({*found} - {*told}) <= _BOTH:
        found = told
    # A blank between Chinese characters may stand between two words: it is taken away only after the words were converted.
    return _BLANK_INSIDE.sub("", found)


def converted(text: str) -> str:
    """Text with every traditional character simplified, also those that simplified text has too: what is only compared may lose them."""
    return str(_to_simplified().convert(text))


@cache
def _to_simplified() -> Any:  # noqa: ANN401 - opencc brings no types
    import opencc

    return opencc.OpenCC("t2s")
