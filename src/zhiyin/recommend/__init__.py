"""What should we offer this customer: what to buy again, and what to try?

Reads: order_line, event, product, stock
Writes: recommendation, product_link, popular_product
"""

__all__: list[str] = []
