"""What does a company sell? Its goods, read from a table of lines that fits on a page."""

from __future__ import annotations

from zhiyin.sandbox.scenario import Good

__all__ = ["goods_of"]


def goods_of(departments: dict[str, str], table: str) -> tuple[Good, ...]:
    """The goods of a table, a line each, eight or more columns between bars.

    Columns: id, name, category, brand, price in yuan, cost in percent of the price, days after which it is needed again (0: hardly ever),
    features between spaces, and if there is one the successor; `hidden` in the last column: not to be offered.

    Args:
        departments: category -> department.
        table: the lines.
    """
    return tuple(_good(departments, [part.strip() for part in line.split("|")]) for line in table.strip().splitlines())


def _good(departments: dict[str, str], parts: list[str]) -> Good:
    product_id, name, category, brand, price, cost, every, features, *rest = parts
    return Good(
        product_id=product_id,
        name=name,
        category=category,
        department=departments[category],
        brand=brand,
        price=int(price.replace(".", "")) * (1 if "." in price else 100),
        cost_share=int(cost) / 100,
        every=int(every),
        features=tuple(features.split()),
        successor=next((part for part in rest if part != "hidden"), ""),
        hidden="hidden" in rest,
    )
