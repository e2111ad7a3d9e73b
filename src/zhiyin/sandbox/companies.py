"""What are the firms among the customers called, and how do clerks shorten and turn their names?"""

from __future__ import annotations

from zhiyin.sandbox.picks import Picks

__all__ = ["company_name", "company_parts", "written_otherwise"]

# Words of two characters are put together from these; one or the other firm may exist by chance.
_FIRST = "云星启博智恒瑞鑫远宏盛华诚信嘉禾景泰卓越润海天宇德利佳晟铭凯辰弘朗沐森峰源"
_SECOND = "岭帆创达联屿湾丰禾扬图腾邦格维思尚美林川桥石舟拓和安晖锦讯途科塔澜驰"
_TRADES = {
    "科技": 18,
    "贸易": 14,
    "信息技术": 9,
    "网络科技": 7,
    "电子商务": 7,
    "建筑工程": 7,
    "装饰设计": 5,
    "物流": 5,
    "餐饮管理": 4,
    "酒店管理": 3,
    "教育咨询": 4,
    "文化传媒": 5,
    "机械设备": 6,
    "生物科技": 3,
    "环保科技": 3,
    "服饰": 4,
    "食品": 5,
    "家居用品": 3,
    "物业管理": 3,
    "医疗器械": 3,
}  # with weights
_FORMS = {"有限公司": 88, "有限责任公司": 5, "股份有限公司": 7}
_ENDINGS = tuple(sorted((*_TRADES, *_FORMS), key=len, reverse=True))  # the longest first: 网络科技 before 科技
_WIDE = str.maketrans("()", "（）")


def company_name(draw: int, city: str) -> str:
    """The name of a firm as it is registered: city, word, trade, form.

    Example:
        >>> company_name(3, "杭州").startswith("杭州")
        True
    """
    picks = Picks(draw, "company")
    word = picks.of(_FIRST) + picks.of(_SECOND) + (picks.of(_SECOND) if picks.below(100) < 18 else "")
    trade, form = (tuple(table)[picks.weighted(tuple(table.values()))] for table in (_TRADES, _FORMS))
    return f"{city}{word}{trade}{form}"


def company_parts(name: str, city: str) -> tuple[str, str, str]:
    """Word, trade and form of a firm's name; trade or form is empty where none is known."""
    rest = name.removeprefix(city)
    form = next((end for end in _ENDINGS if end in _FORMS and rest.endswith(end)), "")
    rest = rest.removesuffix(form)
    trade = next((end for end in _ENDINGS if end in _TRADES and rest.endswith(end)), "")
    return rest.removesuffix(trade), trade, form


def written_otherwise(name: str, draw: int, *, city: str) -> str:
    """The same firm as another clerk writes it; never quite the registered name.

    Example:
        >>> written_otherwise("杭州云岭科技有限公司", 1, city="杭州") != "杭州云岭科技有限公司"
        True
    """
    word, trade, form = company_parts(name, city)
    other = "股份有限公司" if form == "有限公司" else "有限公司"
    ways = (
        f"{word}{trade}",
        f"{city}{word}",
        f"{city}{word}{trade}",
        f"{word}{trade}{form}",
        f"{word}{trade}({city}){form}",
        f"{word}{trade}({city}){form}".translate(_WIDE),
        f"{word}({city}){trade}{form}".translate(_WIDE),
        f"{city}市{word}{trade}{form}",
        f"{city}{word}{trade}{other}",
        f"{city} {word}{trade}{form}",
        f"{city}{word}{trade}公司",
    )
    return Picks(draw, "company written").of(ways)
