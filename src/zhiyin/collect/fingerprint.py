"""Has this very content been imported before, with this very mapping?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.collect.connectors import connector, files_of
from zhiyin.collect.formats import refuse_missing
from zhiyin.core.files import sha256_of

if TYPE_CHECKING:
    import pyarrow as pa

    from zhiyin.core.settings import SourceSettings

__all__ = ["fingerprint"]


def fingerprint(source: SourceSettings, folder: Path) -> str:
    """The sha256 of what a source holds and how it is mapped.

    A connector module with `paths(source, folder)` is known by the bytes of its files; of any other all rows are read.

    Raises:
        DataError: when a file of the source is missing.
    """
    read = connector(source.connector)
    mapping = json.dumps(source.model_dump(exclude={"file"}), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(mapping.encode())
    paths = files_of(source, folder)
    if paths is not None:
        for path in paths:
            refuse_missing(path)
            digest.update(sha256_of(path).encode())
        return digest.hexdigest()
    for batch in read(source, folder):
        digest.update(repr((batch.kind, batch.unread)).encode())
        digest.update(_bytes(batch.columns))
    return digest.hexdigest()


def _bytes(columns: pa.Table) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, columns.schema) as stream:
        stream.write_table(columns)
    return bytes(sink.getvalue())
