"""What kind of thing does a column hold, by its name and by what its cells look like?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Kind", "kind_of"]

# name: of a person, whole or a part of it; word: any short text (a place, a firm, a brand); code: letters and digits that name
# one thing (an id number, a model number); text: words to be read (a title, a description).
Kind = Literal["name", "date", "phone", "email", "address", "postcode", "code", "number", "price", "category", "word", "text"]

# What headers say. A header is only a hint: what the cells look like must not speak against it.
_HEADERS: Mapping[Kind, str] = {
    "email": r"e.?mail|邮箱|电子邮件",
    "phone": r"phone|mobile|\btel|telephone|cell|fax|手机|电话|联系方式|座机",
    "date": r"date|birth|dob|born|生日|出生|日期",
    "postcode": r"post.?code|postal|zip|邮编|邮政编码",
    "code": r"soc.?sec|ssn|passport|id.?(number|card|no)\b|licen[cs]e|证件|身份证|编号|型号|model.?no|sku|isbn|barcode|条码",
    "price": r"price|amount|cost|msrp|价格|价|金额",
    "address": r"address|addr|street|road|地址|住址|收货",
    "text": r"title|descri|summary|comment|标题|描述|简介|详情|商品名",
    "name": r"given|surname|last.?name|first.?name|full.?name|fore.?name|family.?name|middle.?name|\bname\b|contact|customer.?name"
    r"|姓名|姓氏|名字|联系人|收货人|客户名",
}
_HEADER = {kind: re.compile(pattern) for kind, pattern in _HEADERS.items()}
_MOST_READ = 20_000  # distinct values that are looked at: enough to be sure of a share within a percent

_EMAIL = r"[^@\s]+@[^@\s]+\.[a-z]{2,}"
_DATE = (
    r"(?:1[0-9]|20)\d\d([-/.年 ]?)(?:0?[1-9]|1[0-2])(?:[-/.月 ]?)(?:0?[1-9]|[12]\d|3[01])日?(?:[t ]\d.*)?"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/. ](?:0?[1-9]|[12]\d|3[01]|[a-z]{3,9})[-/., ]+(?:(?:1[0-9]|20)\d\d|\d\d)"
)
_PHONE = r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\+\d[\d ().-]{6,16}\d|\(?0?\d{2,4}\)?[- /.]\d{3,4}[- ]?\d{4}"
_DIGITS = r"[\d ().+/*-]{5,20}"
_AMOUNT = r"[$€£¥]?\s*[+-]?\d[\d,]*(?:\.\d+)?\s*(?:usd|eur|gbp|cny|rmb|元|%)?"
_PRICE = r"[$€£¥]\s*\d[\d,]*(?:\.\d+)?|\d[\d,]*\.\d\d?"
_UK_POST = r"[a-z]{1,2}\d[a-z\d]? ?\d?[a-z\d]{2}"
_HAN_NAME = r"[一-鿿·]{2,4}"
_HAN_PLACE = r"[省市区县镇乡村路街道弄号栋楼室]"
_STREET = r"\b(?:street|st|road|rd|avenue|ave|lane|drive|dr|court|crescent|place|close|circuit|way|blvd)\b\.?"


def kind_of(name: str, counts: pd.Series) -> Kind:
    """The kind of a column.

    Args:
        name: its header.
        counts: how often each normalised value stands in it, by value.
    """
    header = re.sub(r"[_\-.]+", " ", name.strip().lower())
    if counts.empty:
        return "word"
    looks = _Looks(counts)
    hinted = [kind for kind, pattern in _HEADER.items() if pattern.search(header) and looks.allow(kind)]
    return hinted[0] if hinted else looks.kind()


class _Looks:
    """What the cells of one column look like."""

    def __init__(self, counts: pd.Series) -> None:
        self.rows, self.distinct = int(counts.sum()), len(counts)
        if len(counts) > _MOST_READ:  # those with the smallest hashes: the same ones in whatever order the rows came
            hashes = pd.util.hash_array(counts.index.to_numpy(dtype=object))
            counts = counts.iloc[np.argpartition(hashes, _MOST_READ)[:_MOST_READ]]
        self.text, self.weights = counts.index.to_series().astype(str), counts.to_numpy("float64")
        self.words = self._mean(self.text.str.count(r"[^\s一-鿿]+") + self.text.str.count("[一-鿿]") / 2)

    def _mean(self, values: pd.Series) -> float:
        return float(np.average(values.to_numpy("float64"), weights=self.weights))

    def share(self, pattern: str) -> float:
        """Share of rows whose whole cell reads like the pattern."""
        return self._mean(self.text.str.fullmatch(pattern))

    def holds(self, pattern: str) -> float:
        """Share of rows in which the pattern stands somewhere."""
        return self._mean(self.text.str.contains(pattern))

    def allow(self, kind: Kind) -> bool:
        """May a column with such cells be of the kind that its header says?"""
        code = self.words < 3 and self.holds(r"\d") > 0.5
        allowed: dict[Kind, bool] = {
            "email": self.holds("@") > 0.5,
            "phone": self.share(_DIGITS) > 0.5,
            "date": self.share(_DATE) > 0.4,
            "postcode": code,
            "code": code,
            "price": self.share(_AMOUNT) > 0.6,
            "name": self.words < 4 and self.holds(r"\d") < 0.3,
            "address": self.words >= 1.5 or self.holds(_HAN_PLACE) > 0.5,
            "text": self.words >= 3,
        }
        return allowed[kind]

    def kind(self) -> Kind:
        """The kind that the cells alone speak for."""
        few = self.distinct <= max(min(12, self.rows // 2), min(60, self.rows // 50))
        tests: list[tuple[Kind, bool]] = [
            ("email", self.share(_EMAIL) > 0.5),
            ("date", self.share(_DATE) > 0.6),
            ("phone", self.share(_PHONE) > 0.6),
            ("price", self.share(_PRICE) > 0.6),
            ("category", few and self.words < 4),
            ("number", self.share(_AMOUNT) > 0.8 and self.holds(r"\d{7}") < 0.5),
            ("postcode", self.share(_UK_POST) > 0.6),
            ("code", self.holds(r"\d") > 0.7 and self.words < 2.5),
            ("address", self.holds(_STREET) > 0.5 or (self.holds(_HAN_PLACE) > 0.6 and self.words > 2)),
            ("name", self.share(_HAN_NAME) > 0.7),
            ("text", self.words >= 3),
        ]
        return next((kind for kind, holds in tests if holds), "word")
