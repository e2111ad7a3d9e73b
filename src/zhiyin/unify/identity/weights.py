"""What does each finding about two records say, in bits, for and against that they are one person?

A finding is a level of a comparison. `m` is how often it is found between two records of one person, `u` how often between records
of two persons; it is worth log2(m / u) bits, and bits add up. One bit doubles the odds. The figures are named priors, tuned on
companies of `zhiyin sandbox` and measured on others (`benchmarks/identity_hard.py`); none is learned from a company's own data, so that
the answer does not depend on what arrived when.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

from zhiyin.core.words import Say

__all__ = ["LEVELS", "LINK_BITS", "MASKED", "MASKED_BITS", "REVIEW_BITS", "Level", "level_bits", "probability", "size_bits"]

LINK_BITS = 4.0  # from here on two records are linked: 94 in 100
MASKED_BITS = 5.0  # what masks show must say more: 97 in 100, and no other person may fit
REVIEW_BITS = -2.0  # from here on a person is asked: 20 in 100
_SMALLEST = 1_024  # records; of a smaller company nothing less is assumed


@dataclass(frozen=True)
class Level:
    """One finding.

    Args:
        m: share of the pairs of records of one person in which it is found.
        u: share of the pairs of records of two persons; 0 where it depends on the value (a common surname, a rare one).
        words: what a reader is told.
        sized: `u` is a number of persons that is divided by the records of the company: as good as unique, were it not for families.
        masked: rests on what a mask shows; never enough alone.
    """

    m: float
    u: float
    words: Say
    sized: bool = False
    masked: bool = False


def _level(m: float, u: float, *, zh: str, en: str, sized: bool = False, masked: bool = False) -> Level:
    return Level(m, u, Say(zh, en), sized, masked)


# comparison.level -> what it says. Of one comparison one level is found, or none where a side tells nothing.
LEVELS: MappingProxyType[str, Level] = MappingProxyType(
    {
        "id_number.equal": _level(0.97, 0.0001, zh="证件号相同", en="the same ID number", sized=True),
        "id_number.different": _level(0.001, 0.99, zh="证件号不同", en="different ID numbers"),
        "openid.equal": _level(0.97, 0.005, zh="微信号相同", en="the same openid", sized=True),
        "anonymous_id.equal": _level(0.9, 0.02, zh="同一台设备，且只有一个账号用过它", en="the same device, used by one account only", sized=True),
        "anonymous_id.shared": _level(1.0, 1.0, zh="同一台设备，但好几个账号用过它", en="the same device, but several accounts used it"),
        "email.equal": _level(0.7, 0.02, zh="邮箱相同", en="the same e-mail address", sized=True),
        "email.shared": _level(0.7, 1.4, zh="邮箱相同，但不同的人在用", en="the same e-mail address, but different people use it", sized=True),
        "email.different": _level(0.4, 0.999, zh="邮箱不同", en="different e-mail addresses"),
        "phone.equal": _level(0.85, 0.04, zh="手机号相同", en="the same phone", sized=True),
        "phone.shared": _level(0.85, 1.7, zh="手机号相同，但不同的人在用（家庭或前台电话）", en="the same phone, but different people use it (family, reception)", sized=True),
        "phone.masked": _level(0.85, 1 / 450_000, zh="打码手机号对得上", en="the masked phone fits", masked=True),
        "phone.different": _level(0.12, 0.999, zh="手机号不同", en="different phones"),
        "name.equal": _level(0.8, 0, zh="姓名相同", en="the same name"),
        "name.sound": _level(0.05, 0, zh="姓名同音不同字", en="names that sound the same"),
        "name.one_apart": _level(0.03, 0, zh="姓名差一个字", en="names one character apart"),
        "name.surname": _level(0.9, 0, zh="只知道姓，姓相同", en="only the surname is told, and it is the same"),
        "name.given": _level(0.9, 0, zh="只知道名字里的字，对得上", en="only a given name is told, and it fits"),
        "name.masked": _level(0.95, 0, zh="打码的姓名对得上", en="the masked name fits", masked=True),
        "name.masked_apart": _level(0.03, 0.93, zh="打码的姓名对不上", en="the masked name does not fit"),
        "name.untold": _level(0.03, 0.9, zh="称呼对不上", en="the form of address does not fit"),
        "name.different": _level(0.01, 0.98, zh="姓名不同", en="different names"),
        "company.equal": _level(0.85, 0, zh="企业名称相同（去掉地名和公司形式）", en="the same firm (without place and legal form)"),
        "company.part": _level(0.1, 1 / 2_000, zh="企业名称一个包含另一个", en="one name of the firm contains the other"),
        "company.different": _level(0.02, 0.999, zh="企业名称不同", en="different firms"),
        "address.door": _level(0.5, 1 / 30_000, zh="街道和门牌相同", en="the same street and number"),
        "address.district": _level(0.3, 1 / 60, zh="同一个区", en="the same district"),
        "address.city": _level(0.15, 1 / 14, zh="同一个城市", en="the same city"),
        "address.city_only": _level(0.9, 1 / 14, zh="同一个城市", en="the same city"),
        "address.other_city": _level(0.1, 0.93, zh="不同的城市", en="different cities"),
        "birthday.equal": _level(0.97, 1 / 10_000, zh="生日相同", en="the same birthday"),
        "birthday.different": _level(0.03, 0.999, zh="生日不同", en="different birthdays"),
        "role.firm": _level(1.0, 1.0, zh="一个是企业，另一个是它的联系人", en="one is a firm, the other speaks for it"),
        "system.one": _level(0.06, 0.5, zh="同一个系统里的两个账号", en="two accounts of one system"),
    }
)  # fmt: skip
MASKED = frozenset(name for name, level in LEVELS.items() if level.masked)


def size_bits(records: int) -> float:
    """How unlikely it is that two records drawn from so many are one person: log2 of the power of two above their number.

    In steps, so that a few records more change no weight; when a company has doubled, everything is weighed again.
    """
    return float((max(records, _SMALLEST) - 1).bit_length())


def level_bits(name: str, *, size: float, value: float = 0.0) -> float:
    """What a finding is worth.

    Args:
        name: comparison.level.
        size: of `size_bits`.
        value: bits that the value itself says, where they depend on it: how rare the name is.
    """
    level = LEVELS[name]
    share = level.m / level.u if level.u else level.m
    own = size if level.sized else value
    return math.log2(share) + own


def probability(bits: float) -> float:
    """The chance that two records are one person."""
    return 1 / (1 + math.exp2(-max(min(bits, 60.0), -60.0)))
