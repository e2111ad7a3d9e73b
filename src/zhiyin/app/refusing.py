"""Rows that are not taken: where and why in the lake, what they said in the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from zhiyin.core.ids import content_id
from zhiyin.core.tables import TABLES

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.app.intake import Imported
    from zhiyin.store.lake import LakeBuild

__all__ = ["refuse"]


def refuse(home: Home, build: LakeBuild, *, refused: pa.Table, raw: dict[int, bytes], result: Imported) -> None:
    """Keep the rows that were refused, and count them.

    Args:
        home: the workspace.
        build: the generation being built.
        refused: source_row, code, field, reason_zh, reason_en.
        raw: source row -> what it said.
        result: the import they came with.
    """
    if not refused.num_rows:
        return
    sealed = {at: content_id("x", result.batch_id, str(at)) for at in raw}
    home.vault.seal_rows((sealed[at], text) for at, text in raw.items())
    at = refused["source_row"].to_pylist()
    told = refused.append_column("sealed_id", pa.array([sealed.get(row, "") for row in at], pa.string()))
    for name, text in (("batch_id", result.batch_id), ("source", result.source)):
        told = told.append_column(name, pa.array([text] * told.num_rows, pa.string()))
    build.append("refused", told.select(list(TABLES["refused"].names)))
    codes = refused["code"].to_pylist()
    for row, code, zh, en in zip(at, codes, refused["reason_zh"].to_pylist(), refused["reason_en"].to_pylist(), strict=True):
        result.said.setdefault(code, {"row": row, "zh": zh, "en": en})
    result.reasons.update(codes)
    result.refused += len(set(at))
