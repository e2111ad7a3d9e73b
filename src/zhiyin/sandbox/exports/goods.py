"""What the ERP says of the goods: a workbook of products, and the pieces on the shelf every Monday."""

from __future__ import annotations

import io
import re
import zipfile

from zhiyin.sandbox.exports.part import Part, picked, plain, table
from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.happened import Day

__all__ = ["products", "stock"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEADER = ("商品编码", "商品名称", "类目", "部门", "品牌", "标价", "成本价", "卖点", "可复购", "下架", "替代商品")


def products(ground: Ground) -> Part:
    """The catalogue, as an Excel workbook."""
    rows = [
        (
            good.product_id, good.name, good.category, good.department, good.brand, good.price / 100,
            round(good.price * good.cost_share) / 100, "、".join(good.features), "是" if good.every else "否",
            "是" if good.hidden else "否", good.successor,
        )
        for good in ground.scenario.goods
    ]  # fmt: skip
    return Part("ERP_商品.xlsx", b"", _workbook("商品档案", [_HEADER, *rows]), len(rows))


def stock(ground: Ground, day: Day) -> Part:
    """The pieces of one day on which they were counted."""
    goods, rows = ground.scenario.goods, day.rows("stock")
    told = {
        "商品编码": picked([good.product_id for good in goods], rows["product"]),
        "商品名称": picked([good.name for good in goods], rows["product"]),
        "仓库": picked([ground.scenario.warehouse], rows["product"] * 0),
        "库存数量": plain(rows["pieces"]),
        "盘点日期": picked([day.on.isoformat()], rows["product"] * 0),
    }
    return table(f"ERP_库存_{day.month}.csv", told, encoding="gb18030")


def _workbook(title: str, rows: list[tuple[object, ...]]) -> bytes:
    """A workbook of one sheet that is the same whenever and wherever it is written: no date of today, nothing compressed."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    made, same = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as read, zipfile.ZipFile(same, "w", zipfile.ZIP_STORED) as write:
        for name in sorted(read.namelist()):
            content = read.read(name)
            if name == "docProps/core.xml":
                content = _without_dates(content)
            write.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return same.getvalue()


def _without_dates(properties: bytes) -> bytes:
    """The properties of a workbook without the times at which it was made."""
    return re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>2026-11-01T00:00:00Z", properties)
