"""What is this person called, without titles and remarks, and which of it is the family name?"""

from __future__ import annotations

import re
from typing import NamedTuple

from zhiyin.unify.script import is_chinese, simplified

__all__ = ["COMPOUND_NAMES", "PersonName", "person_name", "plain_name"]


class PersonName(NamedTuple):
    """A name in its normal form; `family` and `given` are empty where it does not say which is which."""

    full: str
    family: str
    given: str
    title: str  # 先生, 女士, Mr ...: what stood beside it
    masked: bool  # a part of it is hidden: 王**


# The compound family names that are in use, from the registers of family names.
_IN_USE = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离
长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭
南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑
即墨 达奚 褚师
"""
COMPOUND_NAMES = frozenset(_IN_USE.split())
_TITLES = (
    "先生", "女士", "小姐", "太太", "夫人", "老师", "总经理", "副总经理", "经理", "总监", "主任", "老板", "老板娘", "医生", "教授", "师傅", "同学",
    "阿姨", "大姐", "大哥", "主管", "店长", "部长", "校长", "院长", "局长", "处长", "科长", "律师", "工程师", "董事长", "同志",
)  # fmt: skip
_TITLE_END = re.compile(rf"({'|'.join(sorted(_TITLES, key=len, reverse=True))})$")
_TITLE_FRONT = re.compile(r"^(mrs?|ms|miss|mister|madam|dr|prof|sir)\b\.?\s+", re.IGNORECASE)
_TITLE_BACK = re.compile(r"[\s,]+(jr|sr|phd|md|esq|mba)\.?$", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[{<【《「『〔][^()\[\]{}<>【】《》「」『』〔〕]*[)\]}>】》」』〕]")
_OPEN_BRACKET = re.compile(r"[(\[{<【《「『〔].*$")
_REMARK = re.compile(r"(?<=[\u3400-\u9fff])\s*[-—/\\|,,、:;]\s*.*$")
_FOR_HIM = re.compile(r"(?:亲启|敬启|(?<=先生|女士|小姐|老师)收)$")
_FAMILIAR = re.compile(
    r"^[小老阿](?P<family>[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤])$"
)
_DIGITS = re.compile(r"\s*\+?\d[\d -]{5,}\s*")
_NUMBERED = re.compile(r"(?<=[\u3400-\u9fff])\d{1,2}$")  # 王丽2: numbered by somebody who had two of them
_DOT = re.compile(r"\s*[·•・‧∙.．﹒●]\s*(?=[\u3400-\u9fff])")
# What stands in the field where nobody gave a name.
_NO_NAMES = """
匿名 匿名用户 匿名客户 客户 顾客 用户 会员 散客 测试 测试用户 测试客户 微信用户 新用户 游客 未命名 姓名 收货人 本人 某某 张三三三
test tester guest user customer anonymous unknown admin none null name 先生 女士 小姐 未填写 不详 保密
"""
_NOBODY = frozenset(_NO_NAMES.split())


def person_name(text: str) -> PersonName | None:
    """A person's name without titles, remarks in brackets, phone numbers and blanks; None where it names nobody.

    Chinese names are simplified and without blanks, with one dot in names of several parts; others are written given name first,
    each part with a capital.

    Example:
        >>> person_name("　王 麗（老客戶）女士 ")
        PersonName(full='王丽', family='王', given='丽', title='女士', masked=False)
        >>> person_name("SMITH, John A.").full, person_name("欧阳娜娜").family, person_name("测试")
        ('John A Smith', '欧阳', None)
    """
    found = _without_remarks(simplified(text))
    if found.lower() in _NOBODY:
        return None
    return _chinese(found) if is_chinese(found) else _western(found)


def plain_name(text: str) -> str | None:
    """The normal form of a name, to keep beside what was told; None where it names nobody.

    Example:
        >>> plain_name("王先生"), plain_name("买买提・艾力"), plain_name("mary ann o'neil"), plain_name("13812345678")
        ('王', '买买提·艾力', "Mary Ann O'Neil", None)
    """
    found = person_name(text)
    return found.full if found else None


def _without_remarks(text: str) -> str:
    text = _BRACKETS.sub(" ", text)
    text = _BRACKETS.sub(" ", text)  # one in another
    text = _OPEN_BRACKET.sub("", text)
    return " ".join(_DIGITS.sub(" ", text).split())


def _chinese(text: str) -> PersonName | None:
    words = text.split()
    if any(is_chinese(word) for word in words) and any(word.isascii() for word in words):  # 李雷 Li Lei: told in both scripts
        text = " ".join(word for word in words if is_chinese(word))
    text = _REMARK.sub("", _DOT.sub("·", text)).replace(" ", "").strip("·.,-_'\"")
    text = _FOR_HIM.sub("", _NUMBERED.sub("", text))
    title = ""
    while (found := _TITLE_END.search(text)) and len(text) > len(found[1]):
        text, title = text[: -len(found[1])], title or found[1]
    if text.endswith("总") and len(text) in (2, 3) and (len(text) == 2 or text[:2] in COMPOUND_NAMES):  # 陈总, 欧阳总
        text, title = text[:-1], title or "总"
    masked = "*" in text or "某" in text[1:]
    text = re.sub(r"\*+", "*", text)
    if not is_chinese(text) or text in _NOBODY or text in _TITLES:
        return None
    if found := _FAMILIAR.match(text):  # 小王, 老王
        return PersonName(found["family"], found["family"], "", text[0], masked)
    if "·" in text:
        return PersonName(text, "", "", title, masked)
    family = text[:2] if text[:2] in COMPOUND_NAMES else text[:1].strip("*")
    plain = len(text) <= len(family) + 3 and all("\u3400" <= sign <= "\u9fff" or sign == "*" for sign in text)
    return PersonName(text, family, text[len(family) :], title, masked) if plain and family else PersonName(text, "", "", title, masked)


def _western(text: str) -> PersonName | None:
    text = text.strip(" ,;.-_/\\|\"'")
    title = ""
    if found := _TITLE_FRONT.match(text):
        text, title = text[found.end() :], found[1].capitalize()
    text = _TITLE_BACK.sub("", text).replace(".", " ")
    one_case = text == text.lower()  # what was written in both cases stays: McDonald, van der Berg
    text = re.sub(r"[^\W\d_]+", lambda found: found[0].capitalize() if one_case or found[0].isupper() else found[0], text)
    last, comma, first = (part.strip() for part in text.partition(","))
    parts = f"{first} {last}".split() if comma else text.split()  # Smith, John
    full = " ".join(parts)
    if not any(sign.isalpha() for sign in full) or re.search(r"[@\d]", full):
        return None
    family = " ".join(last.split()) if comma else parts[-1] if len(parts) > 1 else ""
    return PersonName(full, family, full.removesuffix(family).strip() if family else "", title, "*" in full)
