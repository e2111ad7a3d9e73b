"""Is the folder of truth that came with an invented company whole and unchanged, and what does it say?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhiyin.core.errors import DataError, NotFound, listed
from zhiyin.core.files import MANIFEST, sha256_of
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FORMAT", "Truth", "open_truth"]

FORMAT = 1
# The files that are compared, with the columns that are read of each: text, whole number, number (empty: not told), day (empty: none).
_FILES: dict[str, dict[str, str]] = {
    "person.csv": {
        **{"person_id": "int", "persona": "text", "habit": "text", "left_on": "day", "orders_28d": "int"},
        **{"spend_365d_cny": "number", "effect": "number", "gain_cny": "number"},
    },
    "record.csv": {"system": "text", "native_id": "text", "person_id": "int", "planted": "text"},
    "bought.csv": {"person_id": "int", "product_id": "text"},
    "kpi.csv": {"month": "text", "system": "text", "orders": "int", "customers": "int", "revenue_cny": "number"},
    "spike.csv": {"starts_on": "day", "ends_on": "day", "system": "text", "category": "text"},
    "fraud.csv": {"system": "text", "fact_id": "text", "kind": "text"},
    "need_shift.csv": {"person_id": "int", "on": "day", "after": "text"},
}
_UNTOLD = {"planted"}  # columns that an older truth does not have: empty then
_MADE_ANEW = Say(
    "重新生成这个沙盒：`zhiyin sandbox`，种子相同，内容就相同。",
    "Make the sandbox anew with `zhiyin sandbox`: the same seed gives the same.",
)


@dataclass(frozen=True)
class Truth:
    """What is true of an invented company.

    Args:
        folder: where it lies.
        scenario: which kind of company.
        seed: of its chance.
        ends_on: the last day of its data.
        future_days: how many days after it the truth knows.
        rows: how many rows each file has.
    """

    folder: Path
    scenario: str
    seed: int
    ends_on: date
    future_days: int
    rows: dict[str, int]

    def frame(self, name: str) -> pd.DataFrame:
        """One file with the columns that are compared.

        Raises:
            DataError: when a column is missing, or holds what it must not.
        """
        import pandas as pd

        table = pd.read_csv(self.folder / name, dtype=str, keep_default_na=False, encoding="utf-8")
        table = table.assign(**{column: "" for column in _UNTOLD - set(table.columns)})
        missing = [column for column in _FILES[name] if column not in table.columns]
        if missing:
            raise _wrong(Say("真相文件缺少列。", "A file of the truth lacks columns."), f"{name}: {listed(missing)}")
        try:
            return pd.DataFrame({column: _typed(table[column], kind) for column, kind in _FILES[name].items()})
        except ValueError as problem:
            raise _wrong(Say("真相文件里有看不懂的值。", "A file of the truth holds a value that cannot be read."), name) from problem


def open_truth(folder: Path) -> Truth:
    """The truth in `folder`, after each of its files was found and unchanged.

    Raises:
        NotFound: when there is no truth, or a file is missing.
        DataError: when the manifest is of an unknown format, or a file was changed.
    """
    if not (folder / MANIFEST).is_file():
        raise NotFound(
            Say("这里没有沙盒的真相（找不到 manifest.json）。", "There is no truth of a sandbox here (no manifest.json)."),
            got=folder.name,
            fix=Say(
                "给出 `zhiyin sandbox` 写出的 truth 文件夹，例如 --truth 沙盒/truth。",
                "Name the folder truth that `zhiyin sandbox` wrote, such as --truth OUT/truth.",
            ),
        )
    manifest = _manifest(folder)
    for name, entry in manifest["files"].items():
        _refuse_changed(folder, name, str(entry["sha256"]))
    unlisted = [name for name in _FILES if name not in manifest["files"]]
    if unlisted:
        raise NotFound(Say("真相缺少文件。", "A file of the truth is missing."), got=listed(unlisted), fix=_MADE_ANEW)
    return Truth(
        folder, str(manifest["scenario"]), int(manifest["seed"]), date.fromisoformat(manifest["ends_on"]),
        int(manifest["future_days"]), {name: int(entry["rows"]) for name, entry in manifest["files"].items()},
    )  # fmt: skip


def _manifest(folder: Path) -> dict[str, Any]:
    unreadable = Say("真相的 manifest.json 读不懂。", "The manifest.json of the truth cannot be read.")
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        known = manifest["format"] == FORMAT
        names = ("scenario", "seed", "ends_on", "future_days")
        complete = all(name in manifest for name in names) and all({"sha256", "rows"} <= set(entry) for entry in manifest["files"].values())
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise _wrong(unreadable, MANIFEST) from problem
    if not known:
        raise _wrong(
            Say(f"真相的格式不认识，认识的是 {FORMAT}。", f"The truth is of an unknown format; known is {FORMAT}."),
            f"format {manifest['format']}",
        )
    if not complete or any(Path(name).name != name for name in manifest["files"]):
        raise _wrong(unreadable, MANIFEST)
    return manifest


def _refuse_changed(folder: Path, name: str, expected: str) -> None:
    if not (folder / name).is_file():
        raise NotFound(Say("真相缺少文件。", "A file of the truth is missing."), got=name, fix=_MADE_ANEW)
    if sha256_of(folder / name) != expected:
        raise _wrong(
            Say("真相文件被改动过，用它打分不可信。", "A file of the truth was changed; scores against it could not be trusted."), name
        )


def _typed(column: pd.Series, kind: str) -> pd.Series:
    import pandas as pd

    if kind == "text":
        return column
    told = column.where(column.ne(""), None)
    if kind == "day":
        return pd.to_datetime(told, format="%Y-%m-%d")
    return column.astype("int64") if kind == "int" else told.astype("float64")


def _wrong(what: Say, got: str) -> DataError:
    return DataError(what, got=got, fix=_MADE_ANEW)
