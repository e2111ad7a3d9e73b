"""What should we offer this customer: what to buy again, and what to try?

Reads: order_line, attribute, event, product, stock
Writes: recommendation, product_link, popular_product, popular_in
"""

__all__: list[str] = []
