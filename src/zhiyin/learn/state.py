"""Learned things as files that can do nothing but be read: JSON, npz arrays and text. Never pickle."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from zhiyin.core.errors import StoreError, UsageError, ZhiyinError
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from zhiyin.learn.verbs import Files

__all__ = ["Tree", "pack", "unpack"]

TREE, ARRAYS = "state.json", "arrays.npz"
LONG_TEXT = 2000  # longer texts (a boosting model) get a file of their own
Array = npt.NDArray[np.generic]


@runtime_checkable
class Tree(Protocol):
    """A model inside a model (the parts of a blend): it says itself as a tree and is found again by its line."""

    def to_tree(self) -> dict[str, object]:
        """Name, settings and what was learned."""
        ...


def pack(tree: object) -> dict[str, bytes]:
    """Files that hold a tree of dicts, lists, tuples, texts, numbers, days, arrays, sparse matrices and models.

    Raises:
        UsageError: for anything else, naming where it stands.
    """
    packing = _Packing()
    packed = packing.packed(tree, "state")
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **packing.arrays)
    files = {TREE: json.dumps(packed, ensure_ascii=False, allow_nan=False).encode(), ARRAYS: stream.getvalue()}
    return files | {name: text.encode() for name, text in packing.texts.items()}


def unpack(files: Files) -> Any:  # noqa: ANN401 - what `pack` was given
    """The tree again.

    Raises:
        StoreError: when the files do not belong together.
    """
    try:
        with np.load(io.BytesIO(files[ARRAYS]), allow_pickle=False) as stored:
            arrays = dict(stored)
        return _unpacked(json.loads(files[TREE]), arrays, files)
    except (KeyError, ValueError, TypeError, IndexError, EOFError, BadZipFile) as wrong:
        if isinstance(wrong, ZhiyinError):
            raise
        raise StoreError(
            Say("模型文件看不懂。", "The files of a model cannot be read."),
            got=type(wrong).__name__,
            fix=Say("从备份恢复，或重新运行 `zhiyin run`。", "Restore them from a backup, or run `zhiyin run` again."),
        ) from wrong


class _Packing:
    """Arrays and long texts that were met on the way through a tree."""

    def __init__(self) -> None:
        self.arrays: dict[str, Array] = {}
        self.texts: dict[str, str] = {}

    def packed(self, value: object, where: str) -> object:  # noqa: PLR0911 - one line a kind of value
        match value:
            case np.generic():
                return self.packed(value.item(), where)
            case float():
                return value if math.isfinite(value) else {"$float": repr(value)}
            case str():
                return self._text(value) if len(value) > LONG_TEXT else value
            case bool() | int() | None:
                return value
            case date():
                return {"$day": value.isoformat()[:10]}
            case np.ndarray():
                return {"$array": self._array(value, where)}
            case tuple():
                return {"$tuple": [self.packed(item, where) for item in value]}
            case list():
                return [self.packed(item, where) for item in value]
            case Mapping():
                return self._mapping(value, where)
            case Tree():
                return {"$model": self.packed(value.to_tree(), where)}
        if type(value).__module__.startswith("scipy.sparse"):
            return self._sparse(value, where)
        raise _refused(where, value)

    def _text(self, value: str) -> object:
        name = f"text-{len(self.texts)}.txt"
        self.texts[name] = value
        return {"$text": name, "length": len(value)}

    def _array(self, value: Array, where: str) -> str:
        if value.dtype.kind == "O":
            if not all(isinstance(item, str) for item in value.ravel()):
                raise _refused(where, value)
            value = value.astype(str)
        name = f"a{len(self.arrays)}"
        self.arrays[name] = value
        return name

    def _mapping(self, value: Mapping[Any, object], where: str) -> object:
        bad = [key for key in value if not isinstance(key, str) or key.startswith("$")]
        if bad:
            raise _refused(f"{where}[{bad[0]!r}]", bad[0])
        return {key: self.packed(item, f"{where}.{key}") for key, item in value.items()}

    def _sparse(self, value: Any, where: str) -> object:  # noqa: ANN401 - any format of scipy
        rows = value.tocsr()
        parts = [{"$array": self._array(part, where)} for part in (rows.data, rows.indices, rows.indptr)]
        return {"$sparse": parts, "shape": list(rows.shape)}


def _unpacked(value: Any, arrays: dict[str, Array], files: Files) -> Any:  # noqa: ANN401, PLR0911 - one line a kind of value
    if isinstance(value, list):
        return [_unpacked(item, arrays, files) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$float": str(text)}:
            return float(text)
        case {"$text": str(name), "length": int(length)}:
            return _whole(files[name].decode(), length)
        case {"$day": str(text)}:
            return date.fromisoformat(text)
        case {"$array": str(name)}:
            return arrays[name]
        case {"$tuple": list(items)}:
            return tuple(_unpacked(item, arrays, files) for item in items)
        case {"$sparse": [*parts], "shape": [rows, columns]}:
            from scipy.sparse import csr_matrix

            return csr_matrix(tuple(_unpacked(part, arrays, files) for part in parts), shape=(rows, columns))
        case {"$model": dict(tree)}:
            from zhiyin.learn.registry import model_class

            return model_class(tree["model"]).from_tree(_unpacked(tree, arrays, files))
    return {key: _unpacked(item, arrays, files) for key, item in value.items()}


def _whole(text: str, length: int) -> str:
    """A text that is as long as it was: a boosting model that was cut short can still be read."""
    if len(text) != length:
        raise KeyError(length)
    return text


def _refused(where: str, value: object) -> UsageError:
    return UsageError(
        Say("学到的内容不能安全保存。", "What was learned cannot be stored safely."),
        got=f"{where}: {type(value).__name__}",
        fix=Say(
            "在 `_state` 里换成数字、文字、列表、字典或 numpy 数组，在 `_restore` 里还原。",
            "In `_state`, turn it into numbers, texts, lists, dicts or numpy arrays, and back in `_restore`.",
        ),
    )
