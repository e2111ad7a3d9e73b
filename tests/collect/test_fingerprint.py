import os
from pathlib import Path

import pytest

from zhiyin.collect.connectors import CONNECTORS
from zhiyin.collect.fingerprint import fingerprint
from zhiyin.core.errors import DataError
from zhiyin.core.settings import SourceSettings

COLUMNS = {"customer": "c", "order_id": "o", "ordered_at": "t", "price": "p"}


def _source(**more: object) -> SourceSettings:
    return SourceSettings(**{"name": "shop", "file": "*.csv", "columns": COLUMNS, **more})  # type: ignore[arg-type]


def test_it_changes_with_content_and_mapping_only(tmp_path: Path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("c,o,t,p\n1,2,2026-01-01,3\n")
    mark = fingerprint(_source(), tmp_path)
    os.utime(first, (0, 0))
    assert fingerprint(_source(), tmp_path) == mark
    assert fingerprint(_source(columns=dict(reversed(COLUMNS.items()))), tmp_path) == mark
    assert fingerprint(_source(columns={**COLUMNS, "amount": "p"}), tmp_path) != mark
    second.write_text("c,o,t,p\n1,3,2026-01-01,3\n")
    both = fingerprint(_source(), tmp_path)
    assert both != mark
    second.write_text("c,o,t,p\n1,4,2026-01-01,3\n")
    assert fingerprint(_source(), tmp_path) != both


def test_a_connector_without_files_is_known_by_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "rowful.py").write_text(
        "import pyarrow as pa\nfrom zhiyin.collect.batch import RawBatch\n\n\ndef rows(source, folder):\n"
        "    yield RawBatch('orders', pa.table({'customer': [source.system], 'source_row': [1]}))\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(CONNECTORS, "rowful", "rowful:rows")
    marks = [fingerprint(SourceSettings(name="x", connector="rowful", system=system), tmp_path) for system in ("a", "a", "b")]
    assert marks[0] == marks[1] != marks[2]


def test_a_missing_file_is_said(tmp_path: Path):
    with pytest.raises(DataError, match=r"There is no such file\. Got gone\.csv"):
        fingerprint(_source(file="gone.csv"), tmp_path)
