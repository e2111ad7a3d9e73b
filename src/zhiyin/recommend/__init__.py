"""What should we offer this customer: what to buy again, and what to try?

Reads: order_line, product, stock
Writes: recommendation
"""

__all__: list[str] = []
