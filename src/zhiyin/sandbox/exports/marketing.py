"""Campaigns, who was invited or held back and how likely that was, and who used the offer; the calls of the reps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from zhiyin.sandbox.contact import CAMPAIGN_DAYS, campaign_of
from zhiyin.sandbox.exports.office import Office
from zhiyin.sandbox.exports.part import Part, money, picked, plain, table, times, worded
from zhiyin.sandbox.happened import Day
from zhiyin.sandbox.people import team_of

__all__ = ["calls_made", "campaigns"]

# The occasion of each month.
_TITLES = (
    "年货节",
    "开工季",
    "女神节",
    "焕新季",
    "五一特惠",
    "618年中大促",
    "清凉一夏",
    "会员日",
    "开学季",
    "国庆感恩",
    "双11预热",
    "年终答谢",
)
# What reps note, by outcome; one of each row.
_WORDS = (
    (
        "有需要，约了再聊",
        "有兴趣，发了资料",
        "在比价，月底前给答复",
        "问了活动，晚点自己下单",
        "聊得不错，下周再跟",
        "动心了，要再商量商量",
    ),
    ("暂时不需要", "刚买过，用着挺好", "说以后再看", "不是本人管，没要到电话", "预算用完了，明年再说", "没兴趣，客气挂了"),
    ("没人接", "响到底没接", "关机", "通话中，改天再打", "接了就断，信号不好", "转语音信箱"),
    (
        "对方要求不要再打",
        "很反感，让删号码",
        "说已投诉过一次，别再打",
        "开口就问哪来的号码，不再联系",
        "明确拒绝，标勿扰",
        "让拉黑，已记录",
    ),
)
_RESULTS = ("已接通", "无需求", "无人接听", "勿扰")


def campaigns(office: Office, day: Day) -> Iterator[Part]:
    """The marketing log of one day."""
    number = campaign_of(day.on)
    if number >= 0:
        told = {
            "活动编号": _names(np.array([number])),
            "活动名称": pa.array([f"{day.on.year}{_TITLES[day.on.month - 1]}"]),
            "活动类型": pa.array(["短信券"]),
            "开始日期": pa.array([day.on.isoformat()]),
            "结束日期": pa.array([_last(day.on).isoformat()]),
        }
        yield table("营销_活动.csv", told)
        offered = [good.product_id for good in office.ground.scenario.goods if not good.hidden]
        coupon = worded("<campaign>-Q", campaign=_names(np.full(len(offered), number)))
        yield table(
            "营销_优惠券.csv", {"活动编号": _names(np.full(len(offered), number)), "优惠券编号": coupon, "商品编码": pa.array(offered)}
        )
    invited = day.rows("invitations")
    if len(invited["person"]):
        told = {
            "会员编号": picked(office.written.key("mall"), invited["person"]),
            "活动编号": _names(invited["campaign"]),
            "渠道": pa.repeat("短信", len(invited["person"])),
            "发送时间": times(day.on, invited["second"]),
            "是否对照": picked(["否", "是"], invited["held"].astype(np.int64)),
            "触达概率": _shares(invited["propensity"]),
            "策略": pa.repeat("到期优先-v1", len(invited["person"])),
        }
        yield table(f"营销_触达_{day.month}.csv", told)
    used = day.rows("answers")
    if len(used["person"]):
        told = {
            "会员编号": picked(office.written.key("mall"), used["person"]),
            "活动编号": _names(used["campaign"]),
            "优惠券编号": worded("<campaign>-Q", campaign=_names(used["campaign"])),
            "结果": pa.repeat("已核销", len(used["person"])),
            "金额": money(used["paid"]),
            "核销时间": times(day.on, used["second"]),
        }
        yield table(f"营销_核销_{day.month}.csv", told)


def calls_made(office: Office, day: Day) -> Part:
    """What the reps noted of their calls."""
    rows = day.rows("contacts")
    outcome = rows["outcome"]
    noted = office.ground.chance.below("noted", rows["person"], most=len(_WORDS[0]), day=day.number)
    told = {
        "客户编号": picked(office.written.key("crm"), rows["person"]),
        "跟进时间": times(day.on, rows["second"]),
        "跟进方式": pa.repeat("电话", len(outcome)),
        "负责人": picked(office.written.reps, rows["rep"]),
        "团队": worded("销售<team>组", team=plain(team_of(rows["rep"]) + 1)),
        "结果": picked(_RESULTS, outcome),
        "备注": picked([words for some in _WORDS for words in some], outcome * len(_WORDS[0]) + noted),
    }
    return table(f"CRM_跟进记录_{day.month}.csv", told, encoding="gb18030")


def _names(campaign: np.ndarray) -> pa.Array:
    year, month = np.divmod(campaign, 12)
    return worded("HD<at>", at=plain(year * 100 + month + 1))


def _last(on: date) -> date:
    return on + timedelta(days=CAMPAIGN_DAYS - 1)


def _shares(percent: np.ndarray) -> pa.Array:
    return worded("0.<percent>", percent=plain(percent))
