"""Why a row was not taken: one code a row, with a sentence for the person who must correct it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.core.fields import KINDS, field_of
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

__all__ = ["REASONS", "Refusal", "Refusals", "reason", "refused_table"]

REASONS: dict[str, Say] = {
    "no_customer": Say("没有客户号，不知道是谁。", "There is no customer id, so nobody knows whose row it is."),
    "missing": Say("缺少{field}。", "The {field} is missing."),
    "no_amount": Say("没有金额，也没有单价。", "There is neither an amount nor a price."),
    "damaged_id": Say(
        "{field}被 Excel 改成了科学计数法，后面的数字已经丢失。",
        "Excel turned the {field} into scientific notation; its last digits are lost.",
    ),
    "bad_number": Say("{field}不是数字。", "The {field} is not a number."),
    "bad_flag": Say("{field}既不是“是”也不是“否”。", "The {field} says neither yes nor no."),
    "bad_probability": Say("{field}不是大于 0、不超过 1 的概率。", "The {field} is no probability above 0 and up to 1."),
    "bad_money": Say("{field}不是金额。", "The {field} is not an amount of money."),
    "unknown_currency": Say("不认识这个币种，或与来源的币种不符。", "The currency is not known, or is not that of the source."),
    "bad_time": Say("{field}不是日期或时间。", "The {field} is not a date or a time."),
    "ambiguous_date": Say(
        '{field}分不清日和月。在来源里写 dates = "dmy" 或 "mdy"。',
        'Day and month of the {field} cannot be told apart. Set dates = "dmy" or "mdy" for the source.',
    ),
    "unknown_outcome": Say("不认识这个结果。", "This outcome is not known."),
    "unknown_change": Say("不认识这种变动。", "This change is not known."),
    "not_allowed": Say("{field}不在来源声明的取值之内。", "The {field} is not among the values that the source declares."),
    "repeated_id": Say("同一个编号在文件里出现两次，内容不同。", "The same id stands twice in the file, with different content."),
    "ragged_row": Say("这一行的列数与表头不同。", "The row has not as many cells as the header."),
    "unreadable_row": Say("这一行读不出来。", "The row cannot be read."),
}
_CODES = tuple(REASONS)


class Refusal(NamedTuple):
    """A row that was not taken: its row in the source, why (a code of `REASONS`), and the field at fault."""

    source_row: int
    code: str
    field: str


class Refusals:
    """The first problem of each row of a batch."""

    def __init__(self, kind: str, rows: int, *, declared: Sequence[str] = ()) -> None:
        import numpy as np

        self._fields = tuple(dict.fromkeys(("", *KINDS[kind], *declared)))
        self._kind = kind
        self._code = np.full(rows, -1, dtype=np.int8)
        self._field = np.zeros(rows, dtype=np.int8)

    def refuse(self, rows: np.ndarray, code: str, *, field: str) -> None:
        """Refuse the rows where the mask is true, unless they were refused before."""
        fresh = rows & (self._code < 0)
        self._code[fresh] = _CODES.index(code)
        self._field[fresh] = self._fields.index(field)

    @property
    def kept(self) -> np.ndarray:
        """Mask of the rows without a problem."""
        return self._code < 0

    def rows(self, source_row: np.ndarray) -> list[Refusal]:
        """Every row with a problem: where, code, field."""
        at = (~self.kept).nonzero()[0]
        return [Refusal(int(source_row[i]), _CODES[self._code[i]], self._fields[self._field[i]]) for i in at]


def refused_table(kind: str, refusals: Sequence[Refusal]) -> pa.Table:
    """Refusals with their sentences: source_row, code, field, reason_zh, reason_en."""
    import pyarrow as pa

    said = {about: reason(kind, about[0], field=about[1]) for about in {(code, field) for _, code, field in refusals}}
    sentences = [said[code, field] for _, code, field in refusals]
    return pa.table(
        {
            "source_row": pa.array([refusal.source_row for refusal in refusals], pa.int64()),
            "code": pa.array([refusal.code for refusal in refusals], pa.string()),
            "field": pa.array([refusal.field for refusal in refusals], pa.string()),
            "reason_zh": pa.array([sentence.zh for sentence in sentences], pa.string()),
            "reason_en": pa.array([sentence.en for sentence in sentences], pa.string()),
        }
    )


def reason(kind: str, code: str, *, field: str) -> Say:
    """The sentence for a code, with the field in words."""
    known = field_of(kind, field)
    words = known.words if known else Say(field, field)
    return Say(REASONS[code].zh.format(field=words.zh), REASONS[code].en.format(field=words.en))
