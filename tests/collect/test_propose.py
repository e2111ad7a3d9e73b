import pytest

from zhiyin.collect.propose import likely_kind, proposed

ONLINE_RETAIL = {
    "invoice": ["489434", "489434"],
    "stock_code": ["85048", "79323P"],
    "description": ["15CM CHRISTMAS GLASS BALL", "PINK CHERRY LIGHTS"],
    "quantity": ["12", "12"],
    "invoice_date": ["2009-12-01 07:45:00", "2009-12-01 07:45:00"],
    "price": ["6.95", "6.75"],
    "customer_id": ["13085", "13085"],
    "country": ["United Kingdom", "United Kingdom"],
}
SHOPIFY = {
    "Name": ["#1001", "#1001", "#1002"],
    "Email": ["li@example.com", "", "wang@example.com"],
    "Financial Status": ["paid", "", "paid"],
    "Paid at": ["2026-03-04 10:00:00 +0000", "", "2026-03-05 10:00:00 +0000"],
    "Currency": ["CNY", "", "CNY"],
    "Subtotal": ["30.00", "", "12.00"],
    "Total": ["35.00", "", "12.00"],
    "Discount Amount": ["0.00", "", "1.00"],
    "Created at": ["2026-03-04 09:59:00 +0000", "", "2026-03-05 09:59:00 +0000"],
    "Lineitem quantity": ["1", "2", "1"],
    "Lineitem name": ["茶", "杯", "茶"],
    "Lineitem price": ["10.00", "10.00", "12.00"],
    "Lineitem sku": ["T1", "C1", "T1"],
    "Accepts Marketing": ["yes", "", "no"],
    "Billing Name": ["李雷", "", "王芳"],
    "Phone": ["13812345678", "", ""],
    "Vendor": ["茶坊", "茶坊", "茶坊"],
}
TAOBAO = {
    "订单编号": ['="1930000000000001"', '="1930000000000002"'],
    "买家会员名": ["t***1", "t***2"],
    "买家支付宝账号": ["", ""],
    "总金额": ["39.90", "25.00"],
    "买家实际支付金额": ["35.00", "0.00"],
    "订单状态": ["交易成功", "交易关闭"],
    "收货人姓名": ["李**", "王**"],
    "联系手机": ["13812345678", "138****5678"],
    "订单创建时间": ["2026-11-01 10:00:00", "2026-11-02 11:00:00"],
    "订单付款时间": ["2026-11-01 10:01:00", ""],
    "宝贝标题": ["红富士苹果", "新疆大枣"],
    "宝贝总数量": ["1", "2"],
}
YOUZAN = {
    "订单号": ["E20261101", "E20261102"],
    "订单状态": ["交易完成", "交易完成"],
    "买家付款时间": ["2026-11-01 10:00:00", "2026-11-02 10:00:00"],
    "订单实付金额": ["39.90", "25.00"],
    "全部商品名称": ["红富士苹果", "新疆大枣"],
    "收货人/提货人": ["李雷", "王芳"],
    "买家手机号": ["13812345678", "13912345678"],
    "收货人省份": ["浙江省", "江苏省"],
}


def _columns(kind: str, sample: dict[str, list[str]]) -> dict[str, str]:
    return {field: guess.column for field, guess in proposed(kind, sample).items()}


def test_online_retail_is_understood():
    assert likely_kind(ONLINE_RETAIL) == "orders"
    assert _columns("orders", ONLINE_RETAIL) == {
        "customer": "customer_id",
        "order_id": "invoice",
        "product_id": "stock_code",
        "product": "description",
        "quantity": "quantity",
        "price": "price",
        "ordered_at": "invoice_date",
        "attribute.country": "country",
    }


def test_shopify_orders_take_the_price_of_the_line_and_no_total_of_the_order():
    assert likely_kind(SHOPIFY) == "orders"
    assert _columns("orders", SHOPIFY) == {
        "customer": "Email",
        "name": "Billing Name",
        "phone": "Phone",
        "email": "Email",
        "order_id": "Name",
        "product_id": "Lineitem sku",
        "product": "Lineitem name",
        "brand": "Vendor",
        "quantity": "Lineitem quantity",
        "price": "Lineitem price",
        "currency": "Currency",
        "ordered_at": "Created at",
        "consent.email": "Accepts Marketing",
    }


def test_taobao_takes_the_money_that_was_paid():
    assert likely_kind(TAOBAO) == "orders"
    assert _columns("orders", TAOBAO) == {
        "customer": "买家会员名",
        "name": "收货人姓名",
        "phone": "联系手机",
        "order_id": "订单编号",
        "product": "宝贝标题",
        "quantity": "宝贝总数量",
        "amount": "买家实际支付金额",
        "ordered_at": "订单创建时间",
    }


def test_youzan_has_no_customer_id_so_the_phone_says_who_it_is():
    assert likely_kind(YOUZAN) == "orders"
    found = _columns("orders", YOUZAN)
    assert found["customer"] == found["phone"] == "买家手机号"
    assert found["order_id"] == "订单号"
    assert found["amount"] == "订单实付金额"
    assert found["product"] == "全部商品名称"
    assert found["ordered_at"] == "买家付款时间"
    assert found["attribute.province"] == "收货人省份"


@pytest.mark.parametrize(
    ("sample", "kind"),
    [
        ({"客户编号": ["C1"], "姓名": ["李雷"], "手机": ["13812345678"], "注册时间": ["2026-01-01"], "城市": ["杭州"]}, "customers"),
        ({"商品编号": ["P1"], "商品名称": ["茶"], "类目": ["饮品"], "标价": ["12"]}, "products"),
        ({"商品编号": ["P1"], "库存": ["3"], "盘点时间": ["2026-01-01"]}, "stock"),
        ({"user_id": ["u1"], "event": ["view"], "item_id": ["P1"], "timestamp": ["1700000000"]}, "events"),
        ({"campaign_id": ["1"], "start_date": ["2026-01-01"], "end_date": ["2026-02-01"]}, "campaigns"),
        ({"campaign_id": ["1"], "coupon_upc": ["2"], "product_id": ["3"]}, "offers"),
        ({"household_id": ["1"], "campaign_id": ["2"], "channel": ["sms"], "sent_at": ["2026-01-01"]}, "touches"),
        ({"household_id": ["1"], "coupon_upc": ["2"], "campaign_id": ["3"], "redemption_date": ["2026-01-01"]}, "outcomes"),
    ],
)
def test_each_kind_is_recognised(sample, kind):
    assert likely_kind(sample) == kind


@pytest.mark.parametrize(
    "sample",
    [
        {
            "商品编码": ["P1"], "商品名称": ["空调"], "标价": ["1999"], "成本价": ["1400"], "上架时间": ["2026-03-01"], "停售日期": ["2026-12-31"],
            "可售地区": ["浙江、上海"], "替代商品": ["P2"], "商品描述": ["一级能效"], "卖点": ["静音"], "面积": ["20"],
        },
        {
            "SKU": ["P1"], "Title": ["Course"], "Price": ["1999"], "Unit cost": ["1400"], "Available from": ["2026-03-01"],
            "Available until": ["2026-12-31"], "Sold in": ["CA"], "Replaced by": ["P2"], "Description": ["for beginners"],
            "Features": ["video"], "Area": ["20"],
        },
    ],
)  # fmt: skip
def test_a_catalogue_says_when_where_and_instead_of_what_it_is_sold(sample):
    assert likely_kind(sample) == "products"
    fields = [
        "product_id", "product", "price", "cost", "sold_from", "sold_until", "regions", "successor_id", "description", "attribute.features",
        "attribute.area",
    ]  # fmt: skip
    assert _columns("products", sample) == dict(zip(fields, sample, strict=True))


def test_a_description_that_is_the_only_name_is_the_name():
    assert _columns("products", {"StockCode": ["85123A"], "Description": ["lantern"]}) == {
        "product_id": "StockCode",
        "product": "Description",
    }


def test_a_column_of_phones_or_days_is_found_without_its_header():
    sample = {
        "id": ["1", "2"],
        "会员": ["a", "b"],
        "x1": ["13812345678", "13912345678"],
        "x2": ["2026-01-02", "2026-01-03"],
        "单号": ["e", "f"],
    }
    found = proposed("orders", sample)
    assert (found["phone"].column, found["ordered_at"].column) == ("x1", "x2")
    assert found["phone"].confidence < 1


def test_a_header_whose_values_do_not_fit_is_not_taken():
    assert "ordered_at" not in proposed("orders", {"order_id": ["1"], "date": ["周一"]})
