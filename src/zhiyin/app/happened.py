"""Events, counters, tags and alerts as people call them."""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.app.codes import words_of
from zhiyin.core.words import Say
from zhiyin.improve.outcomes import KINDS as OUTCOMES
from zhiyin.unify.live import CONTACTED, ORDERED, SAVED
from zhiyin.unify.tags import LIFECYCLE, RULES
from zhiyin.unify.triggers import RULES as TRIGGERS

__all__ = ["COUNTER_WORDS", "EVENTS", "alert_advice", "event_words", "tag_words"]

EVENTS: dict[str, Say] = {
    ORDERED: Say("下单", ORDERED),
    SAVED: Say("用了优惠", SAVED),
    CONTACTED: Say("被联系", CONTACTED),
    "Product Viewed": Say("看商品", "Product Viewed"),
    "Product Clicked": Say("点商品", "Product Clicked"),
    "Product Added": Say("加购", "Product Added"),
    "Product Removed": Say("移出购物车", "Product Removed"),
    "Product List Viewed": Say("看商品列表", "Product List Viewed"),
    "Products Searched": Say("搜索", "Products Searched"),
    "Cart Viewed": Say("看购物车", "Cart Viewed"),
    "Checkout Started": Say("开始结账", "Checkout Started"),
    "Payment Info Entered": Say("填写付款信息", "Payment Info Entered"),
    "Order Refunded": Say("退款", "Order Refunded"),
    "Order Cancelled": Say("取消订单", "Order Cancelled"),
    "Coupon Applied": Say("使用优惠券", "Coupon Applied"),
    "Page Viewed": Say("看页面", "Page Viewed"),
    "Page Left": Say("离开页面", "Page Left"),
    "Screen Viewed": Say("看应用页面", "Screen Viewed"),
    "Element Clicked": Say("点击", "Element Clicked"),
    "Form Submitted": Say("提交表单", "Form Submitted"),
    "Application Opened": Say("打开应用", "Application Opened"),
    "Signed Up": Say("注册", "Signed Up"),
    "Signed In": Say("登录", "Signed In"),
    "Signed Out": Say("退出登录", "Signed Out"),
    "Subscription Started": Say("开始订阅", "Subscription Started"),
    "Subscription Renewed": Say("续费", "Subscription Renewed"),
    "Subscription Cancelled": Say("取消订阅", "Subscription Cancelled"),
    "Unsubscribed": Say("退订", "Unsubscribed"),
}
COUNTER_WORDS: dict[str, Say] = {
    "views": Say("看商品", "product views"),
    "pages": Say("看页面", "page views"),
    "clicks": Say("点击", "clicks"),
    "searches": Say("搜索", "searches"),
    "carts": Say("加购", "added to cart"),
    "checkouts": Say("结账", "checkouts"),
    "coupons": Say("用券", "coupons"),
    "logins": Say("登录", "logins"),
    "visits": Say("来访天数", "days with a visit"),
    "seconds": Say("停留秒数", "seconds spent"),
    "orders": Say("订单", "orders"),
    "spend": Say("消费", "spend"),
    "contacts": Say("被联系", "contacts"),
    "answers": Say("回应", "answers"),
}
_TAGS = {rule.tag: rule.words for rule in RULES} | {LIFECYCLE: Say("客户状态", "customer status")}
_ALERTS = {rule.name: rule for rule in TRIGGERS}
_SHIFT = Say("需求转变", "need has shifted")
_SHIFT_ADVICE = Say("跟进：{cause}", "follow up: {cause}")
_STATES = {"waiting": Say("等待中", "waiting"), "fired": Say("已提醒", "fired"), "stopped": Say("已解除", "stopped")}
_LEAD = Say("潜在客户", "lead")
_WON = {"new": Say("新客户", "new"), "active": Say("活跃", "active"), "quiet": Say("沉默", "quiet"), "lost": Say("流失", "lost")}


def event_words(name: object) -> Say:
    """An event as people call it; a name that a company made up stays as it is."""
    text = str(name)
    return EVENTS.get(text) or OUTCOMES.get(text) or Say(text, text)


def tag_words(tag: Mapping[str, object]) -> tuple[Say, Say]:
    """A tag and its value: 客户状态, 成交客户（新客户）."""
    name, value = str(tag["name"]), str(tag["value"])
    if name == LIFECYCLE:
        won = _WON.get(value)
        return _TAGS[name], Say(f"成交客户（{won.zh}）", f"customer ({won.en})") if won else _LEAD
    return _TAGS.get(name, Say(name, name)), Say("是", "yes") if value else Say("结束", "ended")


def alert_advice(alert: Mapping[str, object]) -> tuple[Say, Say, Say]:
    """What happened, how it stands, and what to do."""
    rule = _ALERTS.get(str(alert["rule"]))
    if alert["rule"] == "need_shift":
        return _SHIFT, _STATES["fired"], _SHIFT_ADVICE.fill(cause=alert["cause"])
    state = _STATES.get(str(alert["state"]), words_of("state", alert["state"]))
    return (rule.words, state, rule.advice) if rule else (Say(str(alert["rule"]), str(alert["rule"])), state, Say("", ""))
