"""The orders of an invented shop, as a source of its settings."""

TILL = """
[[source]]
name = "till"
system = "shop"
file = "orders.csv"
columns = { customer = "会员号", order_id = "订单编号", product_id = "商品编码", amount = "实付金额", ordered_at = "付款时间" }
"""
