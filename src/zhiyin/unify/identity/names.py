"""What does a written name tell of who is meant: a full name, a masked one, a surname with a title, a pet name, a firm?"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from zhiyin.unify.companies import company, is_company
from zhiyin.unify.identity.surnames import is_surname, surname_of
from zhiyin.unify.script import simplified

__all__ = ["Name", "Shape", "firm_of", "name_of", "sounds"]

Shape = Literal["full", "masked", "surname", "given", "latin", "firm", "other"]

_MASK = re.compile(r"[*＊×xX某]{1,6}")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z .,'-]*[a-z]")
_TITLES = re.compile(r"(?:先生|女士|小姐|太太|老师|经理|总监|主任|师傅|老板|总|工|姐|哥|叔|姨|爷|奶奶)$")
_TITLED = 4  # characters from which a title may stand behind a whole name: 王丽女士, not 张师傅
_FULL_NAME = 4  # a longer run of characters is no name of a person


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it can be compared.

    Args:
        shape: what it tells.
        text: the name in simplified characters without blanks; of a firm the word that is its own.
        surname: as far as it is known, else empty.
        given: as far as it is known, else empty; of a masked name the part that is shown, of a firm its trade.
        sound: pinyin without tones, of a full name and of a Latin one.
        length: characters of the whole name, 0 where a mask hides how many.
    """

    shape: Shape
    text: str
    surname: str = ""
    given: str = ""
    sound: str = ""
    length: int = 0


@lru_cache(maxsize=200_000)
def name_of(text: str) -> Name:
    """A name as it can be compared.

    Example:
        >>> name_of("張 偉").text, name_of("王**").shape, name_of("老王").surname, name_of("杭州云岭科技（集团）有限公司").text
        ('张伟', 'masked', '王', '云岭科技')
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if "*" not in plain and is_company(plain):
        return firm_of(plain)
    joined = re.sub(r"[\s·•.]", "", plain)
    if "*" in joined or "某" in joined:
        return _masked(simplified(joined))
    if _HAN.fullmatch(joined):
        return _chinese(simplified(joined))
    if _LATIN.fullmatch(plain) and not any(mark.isdigit() for mark in plain):
        parts = re.split(r"[\s.,'-]+", plain)
        return Name("latin", " ".join(sorted(filter(None, parts))), sound="".join(parts), length=len(parts))
    return Name("other", joined)


def _masked(text: str) -> Name:
    """王**, **丽, 王*丽: what is shown, and how long the name is where each star stands for a character."""
    first, last = re.match(r"[^*某]+", text), re.search(r"[^*某]+$", text)
    stars = len(text) - sum(len(part[0]) for part in (first, last) if part)
    # Many systems write two stars whatever they hide, so that only a single star counts characters.
    length = len(text) if stars == 1 else 0
    shown = first[0] if first else ""
    surname = surname_of(shown + "XX") if shown else ""
    return Name("masked", text, surname=surname or shown[:1], given=last[0] if last else "", length=length)


def _chinese(text: str) -> Name:
    short = _short(text)
    if short:
        return short
    whole = _TITLES.sub("", text)
    name = whole if len(text) >= _TITLED and len(whole) > 1 and surname_of(whole) else text  # 王小丽女士
    surname = surname_of(name)
    if surname and len(surname) < len(name) <= _FULL_NAME:
        return Name("full", name, surname=surname, given=name[len(surname) :], sound=sounds(name), length=len(name))
    return Name("other", text)


def _short(text: str) -> Name | None:
    """王, 王女士, 丽姐, 小王, 阿丽, 丽丽: part of a name; None for what is no such form of address."""
    titled = _TITLES.sub("", text)
    if is_surname(titled):
        return Name("surname", text, surname=titled)
    if len(titled) == 1:
        return Name("given", text, given=titled) if titled != text else Name("other", text)
    if len(text) == 2 and text[0] in "小老大阿":
        surname = text[1] if text[0] != "阿" and is_surname(text[1]) else ""
        return Name("surname" if surname else "given", text, surname=surname, given=text[1])
    return Name("given", text, given=text[0]) if len(text) == 2 and text[0] == text[1] else None


def firm_of(text: str) -> Name:
    """A firm by its own words and its trade, without place, form, brackets and blanks.

    Example:
        >>> firm_of("阿里巴巴（中国）有限公司").text, firm_of("阿里巴巴中国").text
        ('阿里巴巴', '阿里巴巴')
    """
    found = company(text)
    if found is None:
        return Name("other", text)
    core = found.core.removesuffix("中国") if len(found.core) > len("中国") + 1 else found.core
    return Name("firm", core, given=found.trade)


@lru_cache(maxsize=200_000)
def sounds(text: str) -> str:
    """Pinyin without tones: 王丽 and 王莉 are both wangli."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text)).replace("ü", "v")
