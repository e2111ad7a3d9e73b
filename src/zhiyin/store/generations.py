"""Which generation of the lake is the good one, and is it unharmed?

Files only, no engine. One encrypted file a generation (`g000012.duckdb`), beside it a manifest (`g000012.json`: sha256, size,
keyed signature), and one pointer `CURRENT.json`. A generation exists for readers from the moment the pointer names it. Every
step is a rename of a file that was synced before, so a kill at any point leaves the old pointer or the new one, never a mixture.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from zhiyin.core.errors import KeyProblem, NotFound, StoreError, ZhiyinError, listed
from zhiyin.core.files import TEMPORARY, disk_errors, sha256_of, sync_folder, write_safely
from zhiyin.core.words import Say
from zhiyin.store.lock import remove_unless_held

__all__ = ["SPILL", "WRONG_KEY", "Generations", "Snapshot"]

SPILL = "spill-"  # folders into which the engine spills, one per connection
POINTER = "CURRENT.json"
_NAME = re.compile(r"g(\d{6,})")
_RESTORE = Say(
    "从备份恢复，或用 `zhiyin doctor --back-to g000001` 回到一个更早的快照。",
    "Restore it from a backup, or go back to an earlier snapshot: `zhiyin doctor --back-to g000001`.",
)
WRONG_KEY = Say("数据不是用这把密钥写的。", "The data were written with another key.")
_RIGHT_KEY = Say("使用写入时的密钥文件。", "Use the key file they were written with.")
# (device, inode, size, mtime, ctime) of files whose sha256 this process has found right: a second open costs nothing.
_CHECKED: dict[tuple[int, ...], str] = {}


@dataclass(frozen=True)
class Snapshot:
    """One published generation: its name, the sha256 and size of its file, when it was published (UTC, ISO 8601)."""

    name: str
    sha256: str
    bytes: int
    published_at: str


class Generations:
    """The files of one lake folder.

    Args:
        folder: where they lie.
        key: the key whose signature is asked for when reading.
        new_key: the key to sign with from now on, while the key is changed; default: the same.
    """

    def __init__(self, folder: Path, key: bytes, *, new_key: bytes | None = None) -> None:
        self.folder = folder
        self._signer = _Signer(key)
        self._new_signer = _Signer(new_key or key)

    def current(self) -> Snapshot | None:
        """The generation that readers get; None before the first was published."""
        pointer = self._pointer()
        return _snapshot(pointer) if pointer else None

    def published(self) -> list[Snapshot]:
        """Those that are still kept, oldest first."""
        pointer = self._pointer()
        return self._kept(last=int(str(pointer["last"]))) if pointer else []

    def _kept(self, *, last: int) -> list[Snapshot]:
        names = [name for name in self._names() if _number(name) <= last and not self._is_foreign(name)]
        return [_snapshot(self._read(self._manifest(name))) for name in names]

    def named(self, name: str) -> Snapshot:
        """One that is still kept.

        Raises:
            NotFound: when it is not kept; lists those that are.
        """
        return self._named(name, self.published())

    def _named(self, name: str, snapshots: list[Snapshot]) -> Snapshot:
        kept = {snapshot.name: snapshot for snapshot in snapshots}
        if name not in kept:
            raise NotFound(
                Say("没有这个快照。", "There is no such snapshot."),
                got=name,
                fix=Say(f"使用其中之一：{listed(kept) or '（无）'}。", f"Use one of {listed(kept) or '(none)'}."),
            )
        return kept[name]

    def path(self, name: str) -> Path:
        """Where the file of a generation lies."""
        return self.folder / f"{name}.duckdb"

    def verified(self, snapshot: Snapshot) -> Path:
        """The file of a generation after its content was compared with the manifest.

        Raises:
            StoreError: when the file is missing, cut, damaged or another one.
        """
        path = self.path(snapshot.name)
        if not path.is_file():
            raise StoreError(Say("数据文件不见了。", "A data file is missing."), got=path.name, fix=_RESTORE)
        with disk_errors(path.name):
            state = path.stat()
        mark = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
        if state.st_size != snapshot.bytes or (_CHECKED.get(mark) or sha256_of(path)) != snapshot.sha256:
            raise StoreError(
                Say("数据文件损坏或被换掉。", "A data file is damaged or was replaced."),
                got=f"{path.name}, {state.st_size} bytes of {snapshot.bytes}",
                fix=_RESTORE,
            )
        _CHECKED[mark] = snapshot.sha256
        return path

    def next_path(self) -> Path:
        """Where the next generation is built; a number is never used twice for something published."""
        return self.folder / f"{self._next()}.duckdb{TEMPORARY}"

    def publish(self, built: Path, *, at: str) -> Snapshot:
        """Make the closed file `built` the current generation."""
        name = self._next()
        pointer = self._pointer()
        try:
            with disk_errors(built.name):
                _sync(built)
                snapshot = Snapshot(name, sha256_of(built), built.stat().st_size, at)
                os.replace(built, self.path(name))
                sync_folder(self.folder)
            manifest = asdict(snapshot) | {"previous": pointer["name"] if pointer else "", "last": _number(name)}
            self._write(self._manifest(name), manifest)
            self._write(self.folder / POINTER, manifest)
        except BaseException:
            self._take_back(name)
            raise
        return snapshot

    def point_to(self, name: str) -> Snapshot:
        """Go back to a kept generation; the numbers of later ones stay used.

        Where the pointer is lost or damaged, whatever has a signed manifest can become the current one.
        """
        try:
            pointer = self._pointer() or {}
        except KeyProblem:
            raise
        except StoreError:
            pointer = {"name": "", "last": max(map(_number, self._names()), default=0)}
        snapshot = self._named(name, self._kept(last=int(str(pointer.get("last", 0)))))
        self.verified(snapshot)
        self._write(self.folder / POINTER, asdict(snapshot) | {"previous": pointer["name"], "last": pointer["last"]})
        return snapshot

    def prune(self, keep: int) -> list[str]:
        """Remove all but the current generation and the latest, `keep` together; returns what was removed."""
        current = self.current()
        if current is None:
            return []
        others = [snapshot.name for snapshot in self.published() if snapshot.name != current.name]
        old = others[: max(0, len(others) - keep + 1)]
        for name in old:
            self._remove(name)
        return old

    def sweep(self) -> list[str]:
        """Remove what killed builds and readers left: half-written files, unpublished generations, spill folders."""
        with disk_errors(self.folder.name):
            # Only names of this folder: readers make and remove their spill folders while we look.
            for left in (*self.folder.glob(f"*{TEMPORARY}"), *self.folder.glob(f"*{TEMPORARY}.wal")):
                left.unlink(missing_ok=True)
            for spill in self.folder.glob(f"{SPILL}*"):
                remove_unless_held(spill)
        pointer = self._pointer()
        last = int(str(pointer["last"])) if pointer else 0
        files = {path.stem for path in self.folder.glob("g*.duckdb")} | {path.stem for path in self.folder.glob("g*.json")}
        known = [name for name in files if _NAME.fullmatch(name)]
        stale = sorted(name for name in known if _number(name) > last or not self._whole(name) or self._is_foreign(name))
        for name in stale:
            self._remove(name)
        return stale

    def _take_back(self, name: str) -> None:
        """Give a full disk its space back after a failed publish, unless the pointer was swapped before the failure."""
        with contextlib.suppress(ZhiyinError):
            if self._next() == name:
                self._remove(name)

    def _names(self) -> list[str]:
        """Generations with both file and manifest, oldest first."""
        return sorted(
            (path.stem for path in self.folder.glob("g*.duckdb") if _NAME.fullmatch(path.stem) and self._whole(path.stem)), key=_number
        )

    def _whole(self, name: str) -> bool:
        return self.path(name).is_file() and self._manifest(name).is_file()

    def _is_foreign(self, name: str) -> bool:
        """Whether another key signed it: what a change of the key leaves behind, of no use to anybody."""
        try:
            self._read(self._manifest(name))
        except KeyProblem:
            return True
        return False

    def _manifest(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _remove(self, name: str) -> None:
        # The manifest goes first: a file without one is a left-over, a manifest without a file would be a lie.
        with disk_errors(name):
            self._manifest(name).unlink(missing_ok=True)
            self.path(name).unlink(missing_ok=True)

    def _next(self) -> str:
        pointer = self._pointer()
        return f"g{(int(str(pointer['last'])) if pointer else 0) + 1:06d}"

    def _pointer(self) -> dict[str, object] | None:
        path = self.folder / POINTER
        if path.is_file():
            return self._read(path)
        # A build killed before its first swap leaves g000001 without a pointer; more than that means the pointer was lost.
        if any(_number(path.stem) > 1 for path in self.folder.glob("g*.json") if _NAME.fullmatch(path.stem)):
            raise StoreError(
                Say("指向当前数据的文件不见了。", "The file that names the current data is missing."), got=POINTER, fix=_RESTORE
            )
        return None

    def _read(self, path: Path) -> dict[str, object]:
        """A signed manifest.

        Raises:
            KeyProblem: when another key signed it.
            StoreError: when it is unreadable or was changed.
        """
        try:
            content: dict[str, object] = json.loads(path.read_bytes())
            signature, owner = str(content.pop("signature")), content.pop("key")
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as wrong:
            raise StoreError(Say("快照清单读不出。", "The manifest of a snapshot is unreadable."), got=path.name, fix=_RESTORE) from wrong
        if owner != self._signer.fingerprint:
            raise KeyProblem(WRONG_KEY, got=path.name, fix=_RIGHT_KEY)
        if not hmac.compare_digest(signature, self._signer.signature(content)):
            raise StoreError(Say("快照清单被改动。", "The manifest of a snapshot was changed."), got=path.name, fix=_RESTORE)
        return content

    def _write(self, path: Path, content: dict[str, object]) -> None:
        signer = self._new_signer
        signed = content | {"key": signer.fingerprint, "signature": signer.signature(content)}
        write_safely(path, json.dumps(signed, indent=1).encode())


class _Signer:
    """Signs manifests with a key derived from the lake key; the fingerprint says which key without telling it."""

    def __init__(self, key: bytes) -> None:
        self.fingerprint = hmac.digest(key, b"zhiyin lake fingerprint", "sha256")[:8].hex()
        self._key = hmac.digest(key, b"zhiyin lake manifest", "sha256")

    def signature(self, content: dict[str, object]) -> str:
        return hmac.digest(self._key, json.dumps(content, sort_keys=True).encode(), "sha256").hex()


def _snapshot(manifest: dict[str, object]) -> Snapshot:
    return Snapshot(str(manifest["name"]), str(manifest["sha256"]), int(str(manifest["bytes"])), str(manifest["published_at"]))


def _number(name: str) -> int:
    return int(name[1:])


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
