"""An invented shop: its files as people write them, and the answers that can be read off them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from once import made_once

__all__ = ["DAY", "FIRST", "LAST", "Size", "built", "imported", "opened", "settings_text", "write_shop"]

KEY = "70e1" * 16
FIRST = date(2026, 1, 5)
LOADED = datetime(2026, 9, 1, 2, tzinfo=UTC)  # when the files are read: a consent without a day holds since then
TWIN = 131  # a card of the CRM whose id is that of another person in the shop
DAY = date(2026, 9, 28)  # of the list: 28 days of orders lie behind it, by which it is judged
LAST = date(2026, 10, 31)
REPS = (("wang", "north"), ("li", "north"), ("zhao", "south"))
CATEGORIES = ("粮油", "乳品", "零食", "日化", "宠物", "饮料")
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "若兰子墨欣怡浩宇梓涵俊杰雨桐明轩思远佳慧"


@dataclass(frozen=True)
class Size:
    """How large the shop is."""

    customers: int = 120
    products: int = 30
    seed: int = 7
    last: date = LAST


def name_of(member: int) -> str:
    return _SURNAMES[member % 20] + _GIVEN[member * 2 % 20] + _GIVEN[(member * 2 + 1) % 20] + "甲乙丙丁戊己庚辛"[member // 20 % 8]


def phone_of(member: int) -> str:
    return f"139{(member * 7919 + 4177) % 100_000_000:08}"


def email_of(member: int) -> str:
    return f"member.{member * 104_729 % 1_000_003}@example.com"


def write_shop(folder: Path, size: Size = Size()) -> None:
    """All files of the shop and its zhiyin.toml but for the key."""
    random = np.random.default_rng(size.seed)
    goods = [(f"P{n:03}", f"{CATEGORIES[n % 6]}{n:03}号", CATEGORIES[n % 6], 500 + 100 * n) for n in range(size.products)]
    orders, lines = _orders(random, goods, size)
    _write(folder / "订单.csv", _ORDER_HEADER, lines, encoding="gb18030")
    _write(folder / "客户.csv", _CUSTOMER_HEADER, _customers(size), encoding="utf-8-sig")
    _write(folder / "商品.csv", ["商品编码", "商品名称", "类目", "标价", "下架"], _products(goods))
    _write(
        folder / "库存.csv",
        ["商品编码", "件数", "盘点日期"],
        [[number, 0 if n % 10 == 4 else 50, FIRST] for n, (number, *_) in enumerate(goods)],
    )
    _write(folder / "活动.csv", ["活动编号", "活动名称", "开始日期", "结束日期"], _campaigns(size))
    _write(
        folder / "优惠.csv",
        ["活动编号", "优惠号", "商品编码"],
        [[f"H{k}", f"Q{k}", goods[n][0]] for k in range(6) for n in range(k, len(goods), 6)],
    )
    touches = [[_member(m), f"H{k}", "短信", _campaign_day(k)] for k in range(5) for m in range(size.customers) if (m + k) % 2 == 0]
    _write(folder / "触达.csv", ["会员号", "活动编号", "渠道", "触达时间"], touches)
    answers = [
        [member, campaign, "", _campaign_day(int(campaign[1:])) + timedelta(days=3)]
        for at, (member, campaign, *_) in enumerate(touches)
        if at % 5 == 0
    ]
    _write(folder / "结果.csv", ["会员号", "活动编号", "结果", "时间"], answers)
    _write(folder / "事件.csv", ["会员号", "事件", "商品编码", "时间"], _events(random, orders, goods))


def settings_text(*, capacity: int = 8, more: str = "") -> str:
    """The zhiyin.toml that an owner of this shop would write."""
    return _SETTINGS.format(capacity=capacity, more=more)


def built(folder: Path, size: Size = Size(), *, capacity: int = 8) -> Path:
    """A workspace of the shop, imported and run as of `DAY`; made once, however many processes ask for it."""

    def make(half: Path) -> None:
        imported(half, size, capacity=capacity)
        _run(half)

    return made_once(folder, make)


def imported(folder: Path, size: Size = Size(), *, capacity: int = 8) -> Path:
    """A workspace of the shop with its files loaded, before the first run."""
    import zhiyin

    opened(folder, settings_text(capacity=capacity))
    write_shop(folder, size)
    with pytest.MonkeyPatch.context() as patch, zhiyin.open(folder) as workspace:
        patch.setattr("zhiyin.app.intake.utc_now", lambda: LOADED)
        workspace.import_()
    return folder


def opened(folder: Path, settings: str) -> Path:
    """An empty workspace with the settings given and always the same key, so that every run draws the same ids."""
    from zhiyin.app.home import create_home

    create_home(folder, template=settings, with_key=False)
    (folder / "zhiyin.key").touch(0o600)
    (folder / "zhiyin.key").write_text(KEY + "\n")
    return folder


def _run(folder: Path) -> None:
    import zhiyin

    with zhiyin.open(folder) as workspace:
        workspace.run(DAY)


_ORDER_HEADER = [
    "订单编号",
    "会员号",
    "收货人",
    "手机号",
    "商品编码",
    "商品名称",
    "品类",
    "数量",
    "实付金额",
    "优惠金额",
    "付款时间",
    "备注",
]
_CUSTOMER_HEADER = ["客户编号", "姓名", "手机", "邮箱", "身份证号", "负责人", "团队", "同意电话", "同意短信", "建档日期", "城市"]


def _member(member: int) -> str:
    return f"M{1000 + member}"


def _orders(
    random: np.random.Generator, goods: Sequence[tuple[str, str, str, int]], size: Size
) -> tuple[list[list[object]], list[list[object]]]:
    """Members come back in their own rhythm, mostly for the things of two categories; one in six stops half-way."""
    orders: list[list[object]] = []
    lines: list[list[object]] = []
    for member in range(size.customers):
        every, likes = 3 + member % 12 * 4, [at for at in range(len(goods)) if at % 6 in (member % 6, (member + 1) % 6)]
        day = FIRST + timedelta(days=int(random.integers(0, 40)))
        ends = FIRST + timedelta(days=150) if member % 6 == 5 else size.last
        while day <= ends:
            number, hour = f"D{len(orders):05}", int(random.integers(9, 21))
            orders.append([_member(member), number, day, hour])
            for at in random.choice(likes if random.random() < 0.85 else len(goods), size=int(random.integers(1, 5)), replace=False):
                product, called, category, price = goods[at]
                pieces = int(random.integers(1, 4))
                cut = price * pieces // 10 if random.random() < 0.3 else 0
                paid = f"¥{(price * pieces - cut) / 100:,.2f}"
                when = f"{day:%Y年%m月%d日} {hour:02}:15" if member % 2 else f"{day:%Y/%m/%d} {hour:02}:15"
                lines.append(
                    [
                        number,
                        _member(member),
                        name_of(member),
                        phone_of(member),
                        product,
                        called,
                        category,
                        pieces,
                        paid,
                        cut / 100,
                        when,
                        "x",
                    ]
                )
            day += timedelta(days=max(1, every + int(random.integers(-2, 3))))
    return orders, lines


def _customers(size: Size) -> Iterable[list[object]]:
    """The cards of the CRM, with ids of their own: four in five members have one; one more in ten has never ordered."""
    for member in range(size.customers + size.customers // 10):
        if member < size.customers and member % 5 == 4:
            continue
        owner, team = REPS[member % 4] if member % 4 < 3 else ("", "")
        phone, sms = ("否", "否") if member % 11 == 3 else ("是", "") if member % 3 else ("", "是")
        birth = 1960 + member % 40
        yield [
            f"K{5000 + member}" if member != TWIN else "M1005", name_of(member), phone_of(member), email_of(member), _id_number(birth, member), owner, team, phone, sms,
            FIRST - timedelta(days=member % 200), "上海" if member % 2 else "杭州",
        ]  # fmt: skip


def _id_number(year: int, member: int) -> str:
    """Eighteen digits whose last one checks the others (GB 11643)."""
    digits = f"110105{year}0{1 + member % 9}1{member % 9}{member % 1000:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11]


def _products(goods: Sequence[tuple[str, str, str, int]]) -> Iterable[list[object]]:
    for at, (number, called, category, price) in enumerate(goods):
        yield [number, called, category, f"{price / 100:.2f}", "是" if at % 10 == 7 else "否"]


def _campaign_day(campaign: int) -> date:
    return FIRST + timedelta(days=60 + 40 * campaign)


def _campaigns(size: Size) -> Iterable[list[object]]:
    for campaign in range(6):
        starts = _campaign_day(campaign) if campaign < 5 else DAY - timedelta(days=2)
        yield [f"H{campaign}", f"第{campaign + 1}期会员日", starts, starts + timedelta(days=10)]


def _events(
    random: np.random.Generator, orders: Sequence[Sequence[object]], goods: Sequence[tuple[str, str, str, int]]
) -> Iterable[list[object]]:
    """A look at a product before every second order, and looks that came to nothing; who stays away still looks now and then."""
    for at, (member, _, day, hour) in enumerate(orders):
        if at % 2 == 0:
            yield [member, "Product Viewed", goods[int(random.integers(0, len(goods)))][0], f"{day} {int(hour) - 1:02}:30:00"]
        if at % 7 == 0:
            yield [member, "Product Viewed", goods[int(random.integers(0, len(goods)))][0], f"{day + timedelta(days=2)} {hour:02}:00:00"]
    for member in sorted({order[0] for order in orders})[5::6]:
        yield from ([member, "Product Viewed", goods[0][0], f"{FIRST + timedelta(days=155 + 25 * n)} 12:00:00"] for n in range(5))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


_SETTINGS = """\
goal = "repurchase"
{more}
[demand]
budget_s = 0  # the forecaster takes seconds a run; tests/app/test_demanded.py gives it some

[contact]
capacity = {capacity}
holdout_share = 0.15

[[user]]
id = "wang"
role = "rep"

[[user]]
id = "li"
role = "rep"

[[user]]
id = "chief"
role = "lead"
team = "north"

[[user]]
id = "boss"
role = "manager"

[[user]]
id = "mia"
role = "marketer"

[[user]]
id = "ana"
role = "analyst"

[[user]]
id = "root"
role = "admin"

[[user]]
id = "audrey"
role = "auditor"

[[source]]
name = "cards"
kind = "customers"
system = "crm"
file = "客户.csv"
[source.columns]
customer = "客户编号"
name = "姓名"
phone = "手机"
email = "邮箱"
id_number = "身份证号"
owner = "负责人"
team = "团队"
"consent.phone" = "同意电话"
"consent.sms" = "同意短信"
since = "建档日期"
"attribute.city" = "城市"

[[source]]
name = "till"
kind = "orders"
system = "shop"
file = "订单.csv"
[source.columns]
order_id = "订单编号"
customer = "会员号"
name = "收货人"
phone = "手机号"
product_id = "商品编码"
product = "商品名称"
category = "品类"
quantity = "数量"
amount = "实付金额"
discount = "优惠金额"
ordered_at = "付款时间"

[[source]]
name = "goods"
kind = "products"
file = "商品.csv"
columns = {{ product_id = "商品编码", product = "商品名称", category = "类目", price = "标价", hidden = "下架" }}

[[source]]
name = "stock"
kind = "stock"
file = "库存.csv"
columns = {{ product_id = "商品编码", pieces = "件数", counted_at = "盘点日期" }}

[[source]]
name = "campaigns"
kind = "campaigns"
file = "活动.csv"
columns = {{ campaign = "活动编号", title = "活动名称", starts_at = "开始日期", ends_at = "结束日期" }}

[[source]]
name = "offers"
kind = "offers"
file = "优惠.csv"
columns = {{ campaign = "活动编号", offer = "优惠号", product_id = "商品编码" }}

[[source]]
name = "touches"
kind = "touches"
system = "shop"
file = "触达.csv"
columns = {{ customer = "会员号", campaign = "活动编号", channel = "渠道", touched_at = "触达时间" }}

[[source]]
name = "answers"
kind = "outcomes"
system = "shop"
file = "结果.csv"
columns = {{ customer = "会员号", campaign = "活动编号", outcome = "结果", happened_at = "时间" }}

[[source]]
name = "clicks"
kind = "events"
system = "shop"
file = "事件.csv"
columns = {{ customer = "会员号", event = "事件", product_id = "商品编码", happened_at = "时间" }}
"""
