"""The customers as the CRM and the mall know them; some stand in the CRM twice, written another way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.sandbox.chance import Chance, Ids
from zhiyin.sandbox.companies import written_otherwise
from zhiyin.sandbox.exports.office import Office
from zhiyin.sandbox.exports.part import Part, picked, plain, table, worded
from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.names import full_width, homophone, nickname, spaced, traditional
from zhiyin.sandbox.people import team_of
from zhiyin.sandbox.places import CITIES, phone, phone_written
from zhiyin.sandbox.scenario import SYSTEMS

__all__ = ["TWICE", "contacts_of_firms", "crm", "members", "newcomers", "registered", "second_number", "twice", "written_how"]

TWICE = 0.05  # of the customers of the CRM
_BLOCK = 100_000
# What the trade in a company's name says about its industry.
_INDUSTRIES = {
    **{
        "科技": "软件",
        "信息技术": "软件",
        "贸易": "批发零售",
        "电子商务": "批发零售",
        "服饰": "批发零售",
        "食品": "批发零售",
        "家居": "批发零售",
    },
    **{"建筑": "建筑", "装饰": "建筑", "物流": "物流", "餐饮": "餐饮", "酒店": "餐饮", "教育": "教育", "文化": "文化传媒"},
    **{"机械": "制造", "环保": "制造", "生物": "医疗", "医疗": "医疗", "物业": "物业"},
}
_LETTERS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", dtype="S1")
_SOURCES = ("门店登记", "官网表单", "展会", "老客户介绍", "短视频留资", "微信公众号")
_TITLES = ("采购经理", "行政主管", "总经理", "财务", "IT负责人")
_WAYS = ("homophone", "traditional", "nickname", "spaced", "full_width", "same")  # how a name is written the second time, see `_name`
_LEVELS = ("普通", "银卡", "金卡", "黑金")


def registered(ground: Ground) -> Ids:
    """The members of the mall: whose first or second system it is."""
    people, mall = ground.people, SYSTEMS.index("mall")
    who = np.arange(ground.lives.arrived, dtype=np.int64)
    found: Ids = who[(people.system[who] == mall) | (people.other[who] == mall)]
    return found


def twice(ground: Ground) -> Ids:
    """Who stands in the CRM twice."""
    who = _in_crm(ground)
    return who[ground.chance.happens("twice", who, share=TWICE)]


def _in_crm(ground: Ground) -> Ids:
    who = np.arange(ground.lives.arrived, dtype=np.int64)
    return who[ground.people.in_crm[who]]


def crm(office: Office) -> Iterator[Part]:
    """The customers of the CRM, then those who were entered a second time."""
    who = _in_crm(office.ground)
    for at in range(0, len(who), _BLOCK):
        yield _crm_part(_crm_rows(office, who[at : at + _BLOCK]))
    again = twice(office.ground)
    if len(again):
        rows = _crm_rows(office, again)
        yield _crm_part(rows | _otherwise(office, again, rows))


def newcomers(office: Office, who: Ids) -> Iterator[Part]:
    """Those of `who` whom the CRM and the mall know, as they were entered first."""
    yield _crm_part(_crm_rows(office, np.intersect1d(who, _in_crm(office.ground))))
    yield _member_rows(office, np.intersect1d(who, registered(office.ground)))


def _crm_part(rows: dict[str, pa.Array]) -> Part:
    return table("CRM_客户.csv", rows, encoding="utf-8-sig")


def _crm_rows(office: Office, who: Ids) -> dict[str, pa.Array]:
    people, chance, written = office.ground.people, office.ground.chance, office.written
    name = picked(written.name, who)
    company = picked(written.company, who)
    firm = people.firm[who]
    return {
        "客户编号": picked(written.key("crm"), who),
        "客户名称": pc.if_else(pa.array(firm), company, name),
        "类型": picked(["个人", "企业"], firm.astype(np.int64)),
        "联系人": name,
        "手机": picked(written.phone, who),
        "邮箱": picked(written.email, who),
        "省份": picked([city.province for city in CITIES], people.city[who]),
        "城市": picked([city.name for city in CITIES], people.city[who]),
        "行业": _industries(company),
        "来源": picked(_SOURCES, chance.below("source", who, most=len(_SOURCES))),
        "负责人": picked(written.reps, people.rep[who]),
        "团队": worded("销售<team>组", team=plain(team_of(people.rep[who]) + 1)),
        "建档日期": _since(office, who),
        "同意电话": picked(["是", "否", ""], chance.pick("calls", who, weights=(55, 5, 40))),
        "同意短信": picked(["是", "否", ""], chance.pick("texts", who, weights=(60, 10, 30))),
    }


def _otherwise(office: Office, who: Ids, row: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """How the second entry differs: a number of its own, the name as somebody heard or typed it, often another phone."""
    people, chance = office.ground.people, office.ground.chance
    ways = chance.below("way", who, most=len(_WAYS)).tolist()
    draws = chance.words("way of writing", who).tolist()
    women, firms = people.woman[who].tolist(), people.firm[who].tolist()
    names = [
        written_otherwise(name, draw, city=city) if firm else _name(name, way, draw, woman=woman)
        for name, way, draw, woman, firm, city in zip(
            row["客户名称"].to_pylist(), ways, draws, women, firms, row["城市"].to_pylist(), strict=True
        )
    ]
    phones = picked(office.written.mobile, who).to_pylist()
    return {
        "客户编号": second_number(office.ground, who),
        "客户名称": pa.array(names, pa.string()),
        "手机": pa.array([phone_written(number, draw) for number, draw in zip(phones, draws, strict=True)], pa.string()),
        "邮箱": pa.repeat("", len(who)),
    }


def second_number(ground: Ground, who: Ids) -> pa.Array:
    """The number under which the CRM has somebody the second time: longer than any first number."""
    return worded("KH9<number>", number=pc.utf8_lpad(plain(ground.first + who), 8, "0"))


def written_how(ground: Ground, who: Ids) -> pa.Array:
    """How the second entry writes each name: homophone, traditional, nickname, spaced, full_width, same; firm_name for a firm."""
    ways = ground.chance.below("way", who, most=len(_WAYS))
    return picked([*_WAYS, "firm_name"], np.where(ground.people.firm[who], len(_WAYS), ways))


def _name(name: str, way: int, draw: int, *, woman: bool) -> str:
    """A person's name as written by somebody else; every sixth is written the same."""
    ways = (
        lambda: homophone(name, draw),
        lambda: traditional(name),
        lambda: nickname(name, draw, woman=woman),
        lambda: spaced(name),
        lambda: full_width(name),
    )
    return ways[way]() if way < len(ways) else name


def _since(office: Office, who: Ids) -> pa.Array:
    """The day on which a customer was entered: newcomers on the day they came, the others in the three years before."""
    begins, came = office.begins, office.ground.lives.came[who]
    before = begins.toordinal() - 1 - office.ground.chance.below("known for", who, most=1000)
    days = np.where(came > 0, begins.toordinal() + came, before)
    distinct, places = np.unique(days, return_inverse=True)
    return picked([date.fromordinal(int(day)).isoformat() for day in distinct], places.astype(np.int64))


def members(office: Office) -> Iterator[Part]:
    """The members of the mall."""
    whole = registered(office.ground)
    for at in range(0, len(whole), _BLOCK):
        yield _member_rows(office, whole[at : at + _BLOCK])


def _member_rows(office: Office, who: Ids) -> Part:
    people, chance, written = office.ground.people, office.ground.chance, office.written
    month, day = 1 + chance.below("birth month", who, most=12), 1 + chance.below("birth day", who, most=28)
    tells = chance.happens("birthday", who, share=0.5)
    told = {
        "会员编号": picked(written.key("mall"), who),
        "姓名": picked(written.name, np.where(chance.happens("names", who, share=0.6), who, -1)),
        "手机号": picked(written.mobile, who),
        "微信openid": _openids(chance, who),
        "性别": picked(["男", "女"], np.where(people.firm[who], -1, people.woman[who].astype(np.int64))),
        "生日": pc.if_else(pa.array(tells), worded("<y>-<m>-<d>", y=plain(people.born[who]), m=_two(month), d=_two(day)), ""),
        "城市": picked([city.name for city in CITIES], people.city[who]),
        "会员等级": picked(_LEVELS, (people.purse[who] * 3.99).astype(np.int64)),
        "注册时间": _since(office, who),
        "接收短信": picked(["是", "否"], chance.pick("members texts", who, weights=(85, 15))),
    }
    return table("小程序商城_会员.csv", told, encoding="utf-8-sig")


def contacts_of_firms(office: Office) -> Part:
    """The people to talk to at each firm: one to three, with their role."""
    ground, written = office.ground, office.written
    firms = _in_crm(ground)[ground.people.firm[_in_crm(ground)]]
    more = ground.chance.below("contacts", firms, most=3)
    who = np.concatenate([firms, firms[more >= 1], firms[more >= 2]])
    nth = np.concatenate([np.full(len(part), place) for place, part in enumerate((firms, firms[more >= 1], firms[more >= 2]))])
    other = np.where(nth > 0, (who * 7919 + nth * 104_729) % ground.people.n, who)
    told = {
        "联系人编号": worded("LX<who><nth>", who=pc.utf8_lpad(plain(ground.first + who), 7, "0"), nth=plain(nth)),
        "客户编号": picked(written.key("crm"), who),
        "客户名称": picked(written.company, who),
        "姓名": picked(written.name, other),
        "职务": picked(_TITLES, (who + nth * 2) % len(_TITLES)),
        "手机": pa.array(
            [phone(number) for number in np.where(nth > 0, 2 * ground.people.n + 3 * who + nth, 2 * who).tolist()], pa.string()
        ),
    }
    return table("CRM_联系人.csv", told, encoding="utf-8-sig")


def _openids(chance: Chance, who: Ids) -> pa.Array:
    """What WeChat calls a member of a mini program: 28 letters and digits, the first six the same for everybody."""
    bits = np.stack([chance.words(f"openid {part}", who) for part in range(3)])
    places = np.stack([bits[place % 3] >> np.uint64(6 * (place // 3)) & np.uint64(63) for place in range(22)], axis=1)
    letters = np.ascontiguousarray(_LETTERS[places.astype(np.int64)]).view("S22").ravel()
    return worded("oZhyK4<rest>", rest=pa.array(letters.astype("U22")))


def _industries(companies: pa.Array) -> pa.Array:
    """The industry that the name of each company tells; nothing where it tells none."""
    found = pa.repeat("", len(companies)).cast(pa.string())
    for word, industry in _INDUSTRIES.items():
        found = pc.if_else(pc.match_substring(companies, word), industry, found)
    return found


def _two(numbers: Ids) -> pa.Array:
    return picked([f"{number:02d}" for number in range(32)], numbers)
