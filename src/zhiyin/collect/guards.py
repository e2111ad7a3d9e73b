"""Marks that programs put around a value so that Excel leaves it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["without_guards"]


def without_guards(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text without blanks around it, `="123"` and a leading apostrophe; empty text is no value. Typed columns stay.

    Taobao writes order numbers as `="123"`, Shopify and Excel put `'` before ids, phones and zip codes.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return values
    text = pc.utf8_trim_whitespace(values.cast(pa.string()))
    if pc.any(pc.or_(pc.starts_with(text, "="), pc.starts_with(text, "'"))).as_py():
        text = pc.replace_substring_regex(text, r'^="(.*)"$', r"\1")
        text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"^'([0-9+=@-])", r"\1"))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
