import io

import openpyxl

from sandbox.lived import exported, months
from zhiyin.sandbox.scenarios.registry import scenario_named


def test_the_workbook_holds_every_product():
    files = exported("saas")
    rows = list(openpyxl.load_workbook(io.BytesIO(files["ERP_商品.xlsx"]), read_only=True)["商品档案"].iter_rows(values_only=True))
    goods = scenario_named("saas").goods
    assert [row[0] for row in rows[1:]] == [good.product_id for good in goods]
    assert {row[0]: row[10] or "" for row in rows[1:]} == {good.product_id: good.successor for good in goods}
    assert [row[5] for row in rows[1:]] == [good.price / 100 for good in goods]


def test_pieces_are_counted_on_mondays():
    rows = months(exported("saas"), "ERP_库存_", encoding="gb18030")
    assert {row["盘点日期"] for row in rows} == {
        f"2026-{day}" for day in ("03-02", "03-09", "03-16", "03-23", "03-30", "04-06", "04-13", "04-20", "04-27")
    }
    assert {row["仓库"] for row in rows} == {"授权池"}
    assert min(int(row["库存数量"]) for row in rows) == 0
