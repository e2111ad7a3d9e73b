"""Money in minor units, and numbers as people write them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from zhiyin.core.errors import DataError, one_of
from zhiyin.core.words import Say

__all__ = ["CURRENCIES", "exponent", "money_text", "to_minor"]

# ISO 4217: code -> digits after the point, and the sign that people write.
CURRENCIES: dict[str, tuple[int, str]] = {
    "CNY": (2, "¥"),
    "USD": (2, "$"),
    "EUR": (2, "€"),
    "GBP": (2, "£"),
    "HKD": (2, "HK$"),
    "TWD": (2, "NT$"),
    "SGD": (2, "S$"),
    "AUD": (2, "A$"),
    "CAD": (2, "C$"),
    "CHF": (2, "CHF "),
    "MYR": (2, "RM"),
    "THB": (2, "฿"),
    "INR": (2, "₹"),
    "JPY": (0, "JP¥"),
    "KRW": (0, "₩"),
    "VND": (0, "₫"),
    "KWD": (3, "KWD "),
    "BHD": (3, "BHD "),
}


def exponent(currency: str) -> int:
    """Digits after the point of a currency (ISO 4217): 2 for CNY, 0 for JPY.

    Raises:
        DataError: for a currency that is not in `CURRENCIES`.
    """
    return one_of(CURRENCIES, currency, what=Say("不认识这个币种。", "This currency is not known."), error=DataError)[0]


def to_minor(amount: str | float | int | Decimal, currency: str) -> int:
    """An amount in whole units as an integer of minor units, rounded half to even.

    Example:
        >>> to_minor("12.345", "CNY"), to_minor(980, "JPY")
        (1234, 980)

    Raises:
        DataError: when the amount is no finite number, or the currency is unknown.
    """
    scale = exponent(currency)
    try:
        value = Decimal(str(amount)).scaleb(scale)
        return int(value.to_integral_value(rounding=ROUND_HALF_EVEN))
    except (InvalidOperation, ValueError, OverflowError) as wrong:
        raise DataError(
            Say("金额不是数字。", "The amount is not a number."),
            got=type(amount).__name__,
            fix=Say("只写数字，例如 12.50。", "Write digits only, for example 12.50."),
        ) from wrong


def money_text(minor: float, currency: str) -> str:
    """Money as people read it.

    Example:
        >>> money_text(123456, "CNY")
        '¥1,234.56'
    """
    scale = exponent(currency)
    value = Decimal(round(minor)).scaleb(-scale)
    sign = "-" if value < 0 else ""
    return f"{sign}{CURRENCIES[currency][1]}{abs(value):,.{scale}f}"
