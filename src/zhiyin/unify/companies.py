"""Which firm is this, apart from its legal form, its place and its branch?"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from zhiyin.unify.addresses import place
from zhiyin.unify.divisions import DIVISIONS
from zhiyin.unify.script import is_chinese, simplified

__all__ = ["Company", "company", "is_company", "plain_company"]


class Company(NamedTuple):
    """The parts of a company name; empty where it does not say."""

    full: str  # half-width, simplified, with one kind of brackets
    core: str  # what tells it from others, in lower case: for comparing
    trade: str  # 科技, 贸易, technology: what it says it does
    form: str  # 有限公司, 股份有限公司, 集团, Ltd, Inc ...
    place: str  # 北京, 中国: where it says it is
    branch: str  # 上海分公司


# Legal forms, the longest first; several may follow each other (集团股份有限公司).
_FORMS = (
    "股份有限责任公司", "有限责任公司", "股份有限公司", "股份合作公司", "有限公司", "集团公司", "控股集团", "股份公司", "有限合伙", "特殊普通合伙", "普通合伙",
    "合伙企业", "个人独资企业", "个体工商户", "集团", "控股", "总公司", "公司", "工作室", "经营部", "合作社", "事务所", "研究院", "商行", "总厂", "厂",
)  # fmt: skip
_TRADES = (
    "信息技术", "网络科技", "信息科技", "电子商务", "电子科技", "智能科技", "生物科技", "文化传媒", "文化传播", "文化科技", "企业管理", "企业咨询", "管理咨询", "教育科技",
    "医药科技", "健康科技", "数字科技", "环保科技", "进出口贸易", "国际贸易", "国际物流", "供应链管理", "供应链", "投资管理", "人力资源", "房地产开发", "物业管理", "科技发展", "科技", "技术",
    "贸易", "商贸", "实业", "发展", "投资", "传媒", "广告", "咨询", "服务", "网络", "软件", "电子", "电器", "机械", "设备", "食品", "餐饮管理", "餐饮", "服饰", "服装", "物流", "建筑工程",
    "建设", "工程", "装饰", "化工", "材料", "医药", "医疗器械", "医疗", "生物", "能源", "汽车", "家具", "家居", "百货", "工贸", "制造",
)  # fmt: skip
_FORM_END = re.compile(rf"(?:{'|'.join(_FORMS)})$")
_TRADE_END = re.compile(rf"(?:{'|'.join(sorted(_TRADES, key=len, reverse=True))})$")
_BRANCH_END = re.compile(
    r"(?:公司|集团|行|院|所)(?P<branch>[^公司]{0,14}?(?:分公司|分行|支行|办事处|分部|营业部|子公司|分店|分院|事业部))$"
)
_BRACKETED = re.compile(r"\(([^()]*)\)")
_ENGLISH_FORM = re.compile(
    r"(?:[\s,]|^)(co\.?,?\s*ltd|company\s+limited|corporation|incorporated|limited|company|corp|inc|ltd|llc|llp|plc|gmbh|ag|s\.?a\.?r\.?l|"
    r"s\.?a|b\.?v|pty\.?\s*ltd|pty|pte\.?\s*ltd|pte|co|group|holdings?|k\.?k|oy|ab|a/s|s\.?p\.?a|s\.?r\.?l)\.?$",
    re.IGNORECASE,
)
_ENGLISH_TRADE = re.compile(
    r"\s(technology|technologies|tech|trading|trade|international|electronics|industrial|industries|industry|services?|solutions|"
    r"systems|software|networks?|information|consulting|enterprises?|manufacturing|logistics)$"
)
_COUNTRIES = ("中国", "香港", "china", "hong kong", "hk")
_PUNCTUATION = re.compile(r"[\s\-_.,·•'\"&/+]+")
_LOOKS = re.compile(
    r"(?:公司|集团|工作室|商行|商贸|经营部|事务所|合作社|研究院|银行|医院|学校|大学|超市|酒店|餐厅|门店|厂|店|中心)(?:\(.*\))?$|"
    r"\b(?:co\.?,?\s*ltd|inc|ltd|llc|corp|corporation|gmbh|company|limited|plc|group)\b\.?$",
    re.IGNORECASE,
)


def company(text: str) -> Company | None:
    """The parts of a company's name: two spellings of one company have the same `core`.

    Example:
        >>> company("北京字節跳動科技有限公司上海分公司")[1:]
        ('字节跳动', '科技', '有限公司', '北京', '上海分公司')
        >>> company("阿里巴巴（中国）网络技术有限公司").core, company("Acme Trading Co., Ltd.")[1:4]
        ('阿里巴巴', ('acme', 'trading', 'co ltd'))
    """
    full = simplified(text).replace("【", "(").replace("】", ")").strip(" ,;-_")
    if not any(sign.isalpha() for sign in full):
        return None
    return _chinese(full) if is_chinese(full) else _western(full)


def plain_company(text: str) -> str | None:
    """The normal form of a company's name: half-width, simplified, legal forms and brackets as they are usually written.

    Example:
        >>> plain_company("  華為技術（深圳）有限公司 "), plain_company("ACME   co.,LTD")
        ('华为技术(深圳)有限公司', 'ACME Co., Ltd.')
    """
    found = company(text)
    if found is None:
        return None
    if is_chinese(found.full):
        return found.full
    bare = _ENGLISH_FORM.sub("", found.full)
    return found.full if found.form not in _USUAL else f"{bare.rstrip(' ,.')} {_USUAL[found.form]}"


_USUAL = {"co ltd": "Co., Ltd.", "ltd": "Ltd.", "limited": "Ltd.", "inc": "Inc.", "incorporated": "Inc.", "corp": "Corp.", "llc": "LLC"}


def is_company(text: str) -> bool:
    """Whether a name is that of a firm, not of a person, by how it ends.

    Example:
        >>> is_company("杭州知音科技有限公司"), is_company("Acme Inc."), is_company("王丽")
        (True, True, False)
    """
    return _LOOKS.search(simplified(text).strip(" .")) is not None


def _chinese(full: str) -> Company:
    rest, branch = full, ""
    if found := _BRANCH_END.search(rest):
        branch, rest = found["branch"], rest[: found.start("branch")]
    where = ""
    for inside in _BRACKETED.findall(rest):
        named = _placed(inside)
        where = where or named
        rest = rest.replace(f"({inside})", "" if named or inside in _FORMS else inside)
    forms: list[str] = []
    while (found := _FORM_END.search(rest)) and len(rest) > len(found[0]) + 1:
        forms.insert(0, found[0])
        rest = rest[: found.start()]
    bare, trade = _without_trade(rest)
    for length in range(min(8, len(rest) - 2), 1, -1):
        if _placed(rest[:length]):
            without = _without_trade(rest[length:])
            if without[0] not in _TRADES:  # 安康医药: nothing but the place tells it from others
                where, (bare, trade) = where or rest[:length], without
            break
    rest = bare
    core = _PUNCTUATION.sub("", rest).lower()
    return Company(full, core, trade, "".join(forms), where, branch)


def _without_trade(rest: str) -> tuple[str, str]:
    trade = ""
    while (found := _TRADE_END.search(rest)) and len(rest) - len(found[0]) >= 2:
        trade, rest = found[0] + trade, rest[: found.start()]
    return rest, trade


def _western(full: str) -> Company:
    rest = full.lower()
    forms: list[str] = []
    where = ""
    for inside in _BRACKETED.findall(rest):
        named = inside in _COUNTRIES
        where = where or (inside if named else "")
        rest = rest.replace(f"({inside})", " " if named else f" {inside} ")
    rest = " ".join(rest.split())
    while (found := _ENGLISH_FORM.search(rest)) and found.start() > 0:
        forms.insert(0, " ".join(found[1].replace(".", "").replace(",", " ").split()))
        rest = rest[: found.start()].rstrip(" ,.")
    trade = ""
    if found := _ENGLISH_TRADE.search(rest):
        trade, rest = found[1], rest[: found.start()]
    return Company(full, _PUNCTUATION.sub("", rest.removeprefix("the ")), trade, " ".join(forms), where, "")


def _placed(word: str) -> str:
    """The word where it is the name of a country, province, city or district, else nothing."""
    if word in _COUNTRIES:
        return word
    if len(word) < 2:
        return ""
    province, city = place(word) or ("", "")
    # 阿里巴巴, 东方电气: a stem counts for a city that is a prefecture, and for a province.
    sure = province and (word[-1] in "省市区州县盟" or not city or city in _cities())
    return word if sure or word in _districts() else ""


@cache
def _cities() -> frozenset[str]:
    """Cities at the level of a prefecture, without 地区 and 州."""
    rows = (row.partition(" ")[2].partition(":") for row in DIVISIONS.split("\n") if len(row) > 4 and row[:4].isdigit())
    return frozenset(city for city, _, _ in rows if city.endswith("市"))


@cache
def _districts() -> frozenset[str]:
    """Names of districts and counties, whole."""
    return frozenset(name for row in DIVISIONS.split("\n") for name in row.partition(":")[2].split() if len(name) > 2)
