"""Money in minor units, row by row in its own currency."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from zhiyin.core.units import exponent, to_minor
from zhiyin.unify.columns import Parsed, over_distinct
from zhiyin.unify.values import currency_code

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

__all__ = ["currencies", "minor_units"]

_TIE = 1e-6  # nearer than this to a half, a double cannot say which way to round


def currencies(raw: pa.Array | None, default: str, *, rows: int) -> Parsed:
    """The ISO code of every row; the source's own where a row names none, refused where it is unknown.

    Raises:
        DataError: when the default is not known.
    """
    import pyarrow as pa

    exponent(default)
    if raw is None:
        return Parsed(pa.repeat(default, rows))

    found = over_distinct(raw, currency_code, wrong={ValueError: "unknown_currency"})
    return Parsed(found.values.fill_null(default), found.problems)


def minor_units(whole: pa.Array, currency: pa.Array) -> pa.Array:
    """Amounts of whole units as integers of minor units, rounded half to even as `core.units.to_minor` does."""
    import numpy as np
    import pyarrow as pa

    codes = currency.dictionary_encode()
    scales = np.array([float(10 ** exponent(code)) for code in codes.dictionary.to_pylist()] or [1.0])
    scale = scales[codes.indices.to_numpy(zero_copy_only=False)]
    known = whole.is_valid().to_numpy(zero_copy_only=False)
    values = whole.fill_null(0.0).to_numpy(zero_copy_only=False)
    scaled = values * scale
    rounded = np.rint(scaled)
    for at in _ties(scaled, rounded):
        rounded[at] = to_minor(Decimal(repr(float(values[at]))), codes.dictionary[codes.indices[at].as_py()].as_py())
    return pa.array(rounded.astype(np.int64), mask=~known)


def _ties(scaled: np.ndarray, rounded: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.flatnonzero(np.abs(np.abs(scaled - rounded) - 0.5) < _TIE * np.maximum(1.0, np.abs(scaled) * 1e-6))
