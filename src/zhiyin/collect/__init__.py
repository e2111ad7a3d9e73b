"""What do the files and systems of the company say, row by row, as they wrote it?

Reads: -
Writes: -

A connector reads a source and gives batches of raw rows under the field names of `core/fields.py`; `unify` turns them
into facts. Nothing is corrected here: what cannot be read is refused with its row, what nobody declared is counted.
"""

from zhiyin.collect.batch import RawBatch, Unread
from zhiyin.collect.connectors import CONNECTORS, connector
from zhiyin.collect.fingerprint import fingerprint
from zhiyin.collect.mapping import Suggestion, suggest

__all__ = ["CONNECTORS", "RawBatch", "Suggestion", "Unread", "connector", "fingerprint", "suggest"]
