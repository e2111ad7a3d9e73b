"""Where is this address: which province, city and district, and what is left of it?"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from zhiyin.unify.divisions import DIVISIONS
from zhiyin.unify.script import is_chinese, simplified

__all__ = ["Address", "address", "city_of_code", "place", "plain_address"]


class Address(NamedTuple):
    """The parts of an address under their full names; empty where the text does not say and nothing else tells."""

    province: str
    city: str
    district: str
    rest: str


class _Place(NamedTuple):
    """What a name may mean, and how sure: its name in full, a name in use or an older kind (县 for 区), or only its stem."""

    level: int  # 0 province, 1 city, 2 district
    province: str
    city: str
    district: str
    sure: int


_FULL, _USUAL, _STEM = 2, 1, 0
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_KIND = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市|地区|盟|区|县|旗)$")
_NATIONS = (
    "土家族|苗族|侗族|布依族|彝族|藏族|羌族|傣族|景颇族|傈僳族|白族|哈尼族|壮族|瑶族|回族|满族|蒙古族|蒙古|朝鲜族|黎族|水族|仡佬族|"
    "拉祜族|佤族|纳西族|独龙族|怒族|普米族|撒拉族|东乡族|保安族|裕固族|土族|哈萨克族|哈萨克|柯尔克孜|锡伯|塔吉克|畲族|仫佬族|毛南族|"
    "达斡尔族|鄂温克族|布朗族|各族|土家|维吾尔"
)
_AUTONOMOUS = re.compile(rf"(?:{_NATIONS})*自治(?:州|县|旗)$")
_LABEL = re.compile(r"^(?:(?:收货|收件|详细|联系|家庭|公司|单位|通讯|寄件)?(?:人)?地址|地址|住址|所在地区?)\s*[::]?\s*")
_NOISE = re.compile(r"^(?:中国大陆|中华人民共和国|中国|china)[\s,/-]*|^\d{6}(?!\d)\s*", re.IGNORECASE)
_POSTCODE = re.compile(r"[\s,]+(?:邮编\s*:?\s*)?\d{6}$")
_EMPTY_LEVEL = ("市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划")  # what registers write where there is no name
_BETWEEN = " ,,、/\\|>-_.·:;;"
# What follows a name that is part of a road or a building; 道里区, 路北区 and the like are districts.
_ROAD = re.compile(
    r"[东南西北中一二三四五六七八九十]*(?:大道|道(?![里外])|路(?![南北]区)|街(?!道)|胡同|广场|大厦|花园|小区|公司|大学|学院|医院|新村|饭店|酒店)"
)
_KINDS = ("省", "市", "区", "县", "州", "盟", "旗")
_MARKS = str.maketrans({",": " ", "，": " ", "。": " ", "、": " ", "/": " ", "|": " ", ";": " "})
_LONGEST = 15  # signs of the longest name


def address(text: str) -> Address | None:
    """The parts of an address, read from the left; what it leaves out is told by what it says, where that leaves no doubt.

    A district that exists once gives its city, a city its province; a city without its 市 and a province by its short name count,
    a district without its 区 only in a city that is known, and not where it is the name of a road.

    Returns:
        None where there is nothing, or nothing Chinese.

    Example:
        >>> address("廣東省　深圳市南山區科技園路１號")
        Address(province='广东省', city='深圳市', district='南山区', rest='科技园路1号')
        >>> address("沪浦东新区张江路88弄").city, address("浙江义乌稠州北路1号").district
        ('上海市', '义乌市')
        >>> address("人民路1号")
        Address(province='', city='', district='', rest='人民路1号')
    """
    found = simplified(text)
    if not is_chinese(found):
        return None
    found = _POSTCODE.sub("", _bare(found))
    known, end = _walk(found, 0)
    if known is None:
        start = _later_start(found)
        if start:
            known, end = _walk(found, start)
            before = found[:start].strip(_BETWEEN)
            noise = ":" in before or re.search(r"\d{5}", before) is not None
            found = found if known is None else (found[end:] if noise else before + found[end:])
            end = 0
    rest = found[end:].strip(_BETWEEN) if known is None else _once(found[end:], known)
    return Address(known.province, known.city, known.district, rest) if known else Address("", "", "", rest)


def plain_address(text: str) -> str | None:
    """An address in its normal form, to keep beside what was told: full names of the divisions, half-width, simplified.

    Example:
        >>> plain_address("广东深圳南山区 科苑路 15 號")
        '广东省深圳市南山区科苑路15号'
        >>> plain_address("12 Main St,  Springfield ")
        '12 Main St, Springfield'
    """
    found = address(text)
    if found is None:
        return simplified(text) or None
    city = "" if found.city == found.province else found.city
    district = "" if found.district == found.city else found.district
    return f"{found.province}{city}{district}{_tight(found.rest)}" or None


def place(text: str) -> tuple[str, str] | None:
    """Province and city that a word such as an attribute means; None where it means none, or several.

    Example:
        >>> place("深圳"), place("沪"), place("广东省 广州"), place("江苏"), place("Shenzhen"), place("朝阳区")
        (('广东省', '深圳市'), ('上海市', '上海市'), ('广东省', '广州市'), ('江苏省', ''), None, None)
    """
    found = address(text)
    return (found.province, found.city) if found and found.province and not found.rest else None


def city_of_code(code: str) -> tuple[str, str] | None:
    """Province and city of a division code of GB/T 2260, as an ID number begins with.

    Example:
        >>> city_of_code("440305"), city_of_code("110108"), city_of_code("999999")
        (('广东省', '深圳市'), ('北京市', '北京市'), None)
    """
    cities, provinces = _codes()
    province = provinces.get(code[:2], "")
    if province in _MUNICIPALITIES:
        return province, province
    return (province, cities.get(code[:4], "")) if province else None


def _bare(text: str) -> str:
    """Without labels, the country and postal codes in front."""
    while True:
        found = _NOISE.sub("", _LABEL.sub("", text.lstrip(_BETWEEN)))
        if found == text:
            return found
        text = found


def _walk(text: str, start: int) -> tuple[_Place | None, int]:
    """The finest division that is read from `start` on, and where the rest begins."""
    known: _Place | None = None
    at = start
    while True:
        here = at + _blanks(text[at:])
        for word in _EMPTY_LEVEL:
            here += len(word) if known is not None and text.startswith(word, here) else 0
        step = _next(text, here, known)
        if step is None:
            return known, at
        known, at = step


def _next(text: str, at: int, known: _Place | None) -> tuple[_Place, int] | None:
    """The longest name at this place that agrees with what is known, and where it ends."""
    for length in range(min(_LONGEST, len(text) - at), 0, -1):
        end = at + length
        fits = [one for one in _names().get(text[at:end], ()) if _agrees(one, known)]
        fits = _surest([one for one in fits if _stands(one, length, text[end:], known)], known)
        if fits:
            return _common(fits, known), end
    return None


def _agrees(one: _Place, known: _Place | None) -> bool:
    """Whether a name may follow, or repeat, what is known."""
    if known is None:
        return True
    if known.province and one.province != known.province:
        return False
    if known.city and one.level > 0 and one.city != known.city:
        return False
    return not known.district or (one.level < 2 and one.sure == _FULL) or one.district == known.district


def _stands(one: _Place, length: int, after: str, known: _Place | None) -> bool:
    """Whether a word means this division here, and is not the beginning of a road or of another name."""
    if one.sure == _FULL:
        return True
    if after.startswith(_KINDS) or _ROAD.match(after):
        return False
    if length == 1:  # 沪, 粤: only in front of a place of that province, or alone
        return known is None and (not after.strip(_BETWEEN) or _next(after, _blanks(after), one) is not None)
    if one.sure == _USUAL or one.level < 2:
        return True
    if known is None:  # 义乌 alone, a district city
        return not after.strip(_BETWEEN) and one.district.endswith("市")
    return bool(known.city) or one.district.endswith("市")


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip(_BETWEEN))


def _surest(fits: list[_Place], known: _Place | None) -> list[_Place]:
    """Of what a word may mean here the surest, of those the coarsest that says more than is known; none where they have nothing in common."""
    most = max((one.sure for one in fits), default=0)
    found = [one for one in fits if one.sure == most]
    finer = [one for one in found if known is None or one.level > known.level]
    found = finer or found
    level = min((one.level for one in found), default=0)
    found = [one for one in found if one.level == level]
    many = len({one[1:4] for one in found}) > 1
    return [] if many and (level < 2 or len({one.district for one in found}) > 1) else found


def _common(fits: list[_Place], known: _Place | None) -> _Place:
    """What the places have in common; what is known where the word only says it again."""
    if known is not None and fits[0].level <= known.level:
        return known
    provinces, cities = {one.province for one in fits}, {one.city for one in fits}
    return fits[0]._replace(province=provinces.pop() if len(provinces) == 1 else "", city=cities.pop() if len(cities) == 1 else "")


def _later_start(text: str) -> int:
    """Where the first whole name of a province or city stands behind a beginning that says something else."""
    for at in range(1, max(len(text) - 2, 1)):
        for length in range(min(_LONGEST, len(text) - at), 2, -1):
            found = _names().get(text[at : at + length], ())
            if any(one.sure == _FULL and one.level < 2 for one in found):
                return at
    return 0


def _once(rest: str, known: _Place) -> str:
    """What is left, without the names of the divisions where a system wrote them in front of an address that has them."""
    rest = rest.strip(_BETWEEN)
    again, end = _walk(rest, 0)
    if again is not None and again.level == 0 and again.province == known.province:
        rest = rest[end:]
    return rest.strip(_BETWEEN)


def _tight(rest: str) -> str:
    """Without blanks and separators around Chinese characters and figures."""
    return re.sub(r"(?<=[\u3400-\u9fff0-9])\s+(?=[\u3400-\u9fff0-9])", "", " ".join(rest.translate(_MARKS).split()))


@cache
def _names() -> dict[str, tuple[_Place, ...]]:
    """Every way in which a division may be written -> what it may mean."""
    found: dict[str, dict[_Place, None]] = {}

    def add(name: str, one: _Place) -> None:
        found.setdefault(name, {}).setdefault(one)

    for province, shorts, cities in _divisions():
        for short in (province, *shorts):
            sure = _FULL if short == province else _USUAL
            add(short, _Place(0, province, province if province in _MUNICIPALITIES else "", "", sure))
        for city, districts in cities:
            for name, sure in _written(city, level=1) if city and city not in _MUNICIPALITIES else ():
                add(name, _Place(1, province, city, "", sure))
            for district in districts:  # what stands under its province directly is its own city
                for name, sure in _written(district, level=2 if city else 1):
                    add(name, _Place(2, province, city, district, sure) if city else _Place(1, province, district, "", sure))
    return {name: tuple(places) for name, places in found.items()}


def _written(name: str, *, level: int) -> list[tuple[str, int]]:
    """A name in full, with the kinds that it may have had (县 for 区), and without what it is."""
    stem = _AUTONOMOUS.sub("", name)
    if stem != name and len(stem) > 1:
        return [(name, _FULL), (stem + name[-1], _USUAL), (stem, _STEM)]
    stem = _KIND.sub("", name)
    if len(stem) < 2:
        return [(name, _FULL)]
    kinds = ("区", "县", "市") if level == 2 and not name.endswith("旗") else ("市",) if name.endswith(("地区", "盟")) else ()
    return [(name, _FULL), *((stem + kind, _USUAL) for kind in kinds if stem + kind != name), (stem, _STEM)]


@cache
def _codes() -> tuple[dict[str, str], dict[str, str]]:
    """City by the first four digits, province by the first two."""
    cities, provinces = {}, {}
    for row in DIVISIONS.split("\n"):
        code, _, rest = row.partition(" ")
        if len(code) == 2:
            provinces[code] = rest.partition(" = ")[0]
        elif code and not rest.startswith("-"):
            cities[code] = rest.partition(":")[0]
    return cities, provinces


def _divisions() -> list[tuple[str, list[str], list[tuple[str, list[str]]]]]:
    """Province, its short names, its cities with their districts (an empty city: what stands under the province)."""
    found: list[tuple[str, list[str], list[tuple[str, list[str]]]]] = []
    for row in filter(None, DIVISIONS.split("\n")):
        code, _, rest = row.partition(" ")
        if len(code) == 2:
            province, _, shorts = rest.partition(" = ")
            found.append((province, shorts.split(), []))
        else:
            city, _, districts = rest.partition(":")
            found[-1][2].append(("" if city == "-" else city, districts.replace("/", " ").split()))
    return found
