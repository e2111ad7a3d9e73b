"""Is a line of an order a charge - postage, a discount, a correction by hand - and nothing that could be offered?

Tills and shops write such lines like products. Their money counts; offered as a product, "postage" would be at the top of a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["charges"]

# Whole names, as found in exports of shops: 邮费, 补差价专用链接, DOTCOM POSTAGE, Bank Charges, Adjustment by john on 26/01/2010.
_NAMES = (
    r"(?:[\w.]+ )?(?:postage|carriage|freight|shipping|delivery)(?: (?:(?:and|&) )?(?:handling|packing|packaging|fee|fees|charge|charges|cost|costs))?",
    r"(?:[\w.]+ ){1,2}(?:fees?|charges?|surcharge|commission)",
    r"manual|discounts?|samples?|tips?|rounding|refund|deposit|vat|gst|sales tax|tax",
    r"(?:this is a )?test(?: product)?\.?",
    r"adjust(?:ment)?\b.*",
    r".{0,4}(?:邮费|运费|快递费|配送费|包装费|打包费|餐盒费|手续费|服务费|税费|差价|押金|定金|小费).{0,4}",
    r"(?:折扣|优惠|抵扣|满减|测试)(?:商品|金额|链接)?",
)
_PATTERN = f"(?i)^\\s*(?:{'|'.join(_NAMES)})\\s*$"


def charges(names: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """True where a name is that of a charge, empty elsewhere: nobody has said that the others may be offered."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pc.match_substring_regex(names, _PATTERN), pa.scalar(True), pa.scalar(None, pa.bool_()))
