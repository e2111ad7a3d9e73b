"""Where a workspace keeps its things, and how they are opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from zhiyin.app.placement_settings import refuse_placements
from zhiyin.core.clock import utc_now, zone
from zhiyin.core.errors import SettingsError, UsageError, listed
from zhiyin.core.files import TEMPORARY, disk_errors, write_safely
from zhiyin.core.settings import SETTINGS_FILE, Settings, load_settings
from zhiyin.core.units import CURRENCIES
from zhiyin.core.words import Say
from zhiyin.guard.access import OWNER, Actor
from zhiyin.learn.shelf import Shelf
from zhiyin.store.corrections import Corrections
from zhiyin.store.inbox import Inbox
from zhiyin.store.journal import Journal
from zhiyin.store.keys import Keys, create_key_file, load_keys
from zhiyin.store.lake import Lake
from zhiyin.store.ledger import Ledger
from zhiyin.store.merges import MergeLog
from zhiyin.store.sealing import sealer
from zhiyin.store.vault import Vault

__all__ = ["KEY_FILE", "Home", "create_home", "open_home", "refuse_impossible"]

KEY_FILE = "zhiyin.key"
SETTLED_SECONDS = 60  # a younger file may still be being written: it takes milliseconds
_MODEL = "model"  # the label under which model files that hold ids are sealed
_TEMPLATE = """\
# The settings of this zhiyin workspace; all of them stand in docs/settings.md.
# 这个 zhiyin 工作区的设置；全部设置见 docs/settings.md。
goal = "repurchase"        # conversion | repurchase | retention | service
timezone = "Asia/Shanghai"
currency = "CNY"

# One [[source]] a file. `zhiyin import FILE --suggest` proposes one.
# 每个文件写一段 [[source]]；`zhiyin import 文件 --suggest` 会给出建议。
"""


@dataclass(frozen=True)
class Home:
    """The folder of a workspace with its settings and, opened when first used, its stores."""

    folder: Path
    settings: Settings
    arguments: Mapping[str, object] = field(default_factory=dict)  # settings that were given at the door

    @cached_property
    def keys(self) -> Keys:
        """All keys, derived from the master key."""
        secret = self.settings.key.get_secret_value() if self.settings.key else None
        return load_keys(key=secret, key_file=self.folder / (self.settings.key_file or KEY_FILE))

    @cached_property
    def lake(self) -> Lake:
        """The analytical tables."""
        lake = self.settings.lake
        return Lake(self.folder / "lake", self.keys.lake, memory_mb=lake.memory_mb, threads=lake.threads, keep=lake.keep)

    @cached_property
    def ledger(self) -> Ledger:
        """The operational rows."""
        return Ledger(self.folder / "ledger.db", self.keys.ledger)

    @cached_property
    def journal(self) -> Journal:
        """The ledger's rows about customers."""
        return Journal(self.ledger, utc_now)

    @cached_property
    def corrections(self) -> Corrections:
        """What cleaning proposes to read otherwise, and what people said to it."""
        return Corrections(self.ledger, utc_now)

    @cached_property
    def inbox(self) -> Inbox:
        """The events as they came."""
        return Inbox(self.folder / "inbox.db", self.keys.inbox)

    @cached_property
    def merges(self) -> MergeLog:
        """Which records were found, or said, to be one person."""
        return MergeLog(self.ledger, utc_now)

    @cached_property
    def vault(self) -> Vault:
        """The direct identifiers."""
        return Vault(self.folder / "vault.db", self.keys)

    @cached_property
    def shelf(self) -> Shelf:
        """The trained models."""
        seal, unseal = sealer(self.keys.models, _MODEL)
        return Shelf(self.folder / "models", seal=seal, unseal=unseal)

    @property
    def reports(self) -> Path:
        """Where reports are written."""
        return self.folder / "reports"

    def actor(self, name: str) -> Actor:
        """The actor that `--as name` stands for.

        Raises:
            UsageError: when no such user is set.
        """
        if name == OWNER.id:
            return OWNER
        for user in self.settings.user:
            if user.id == name:
                return Actor(user.id, user.role, user.team)
        known = ", ".join(["owner", *(user.id for user in self.settings.user)])
        raise UsageError(
            Say("没有这个用户。", "There is no such user."),
            got=name,
            fix=Say(f"已有：{known}；在 zhiyin.toml 里用 [[user]] 添加。", f"Known: {known}; add one with [[user]] in zhiyin.toml."),
        )

    def reread(self) -> Home:
        """The same workspace with its settings as they stand in zhiyin.toml by now; what was opened is closed."""
        self.close()
        return open_home(self.folder, **self.arguments)

    def with_serving(self, given: Mapping[str, object]) -> Home:
        """The same workspace, opened anew, with other settings of `serve` than zhiyin.toml says.

        Raises:
            SettingsError: for an impossible host or port.
        """
        if not given:
            return self
        self.close()
        return open_home(self.folder, **{**self.arguments, "serve": {**self.settings.serve.model_dump(), **given}})

    def tidy(self) -> None:
        """Remove what killed programs left beside the stores, which clean up after themselves."""
        with disk_errors(self.folder.name):
            for left in (*self.folder.glob(f"*{TEMPORARY}"), *self.reports.glob(f"*{TEMPORARY}")):
                settled = utc_now().timestamp() - left.stat().st_mtime > SETTLED_SECONDS
                if left.is_file() and settled and not left.name.endswith(f".db{TEMPORARY}"):
                    left.unlink(missing_ok=True)

    def close(self) -> None:
        """Close what was opened."""
        for name in ("ledger", "vault", "inbox"):
            if name in self.__dict__:
                getattr(self, name).close()


def create_home(folder: Path, *, template: str = _TEMPLATE, with_key: bool = True) -> Path:
    """Make a new workspace: the folder, zhiyin.toml, and a master key in a file that only its owner can read.

    Raises:
        UsageError: when the folder already holds a workspace.
    """
    file = folder / SETTINGS_FILE
    if file.exists():
        raise UsageError(
            Say("这里已经是一个工作区。", "This folder already is a workspace."),
            got=file.name,
            fix=Say("换一个文件夹，或直接使用它。", "Choose another folder, or simply use it."),
        )
    with disk_errors(folder.name):
        folder.mkdir(parents=True, exist_ok=True)
    if with_key and not (folder / KEY_FILE).exists():
        create_key_file(folder / KEY_FILE)
    write_safely(file, template.encode(), mode=0o644)
    return file


def open_home(folder: Path, **arguments: object) -> Home:
    """The workspace in `folder`.

    Raises:
        UsageError: when the folder holds no workspace.
        SettingsError: for settings that are unknown or impossible.
    """
    if not (folder / SETTINGS_FILE).is_file():
        raise UsageError(
            Say("这里没有工作区（找不到 zhiyin.toml）。", "There is no workspace here (no zhiyin.toml)."),
            got=folder.resolve().name,
            fix=Say("先运行 `zhiyin init`，或用 -w 指定文件夹。", "Run `zhiyin init` first, or name the folder with -w."),
        )
    settings = load_settings(folder, **arguments)
    refuse_impossible(settings)
    return Home(folder, settings, arguments)


def refuse_impossible(settings: Settings) -> None:
    """Refuse what only shows in the whole tree: an unknown time zone or currency, two sources of one name, shares above 1.

    Raises:
        SettingsError: names the setting.
    """
    _refuse_unknown(settings.timezone, settings.currency, where="")
    for source in settings.source:
        _refuse_unknown(source.timezone, source.currency, where=f"source.{source.name}.")
    names = [source.name for source in settings.source]
    if len(names) != len(set(names)):
        raise SettingsError(
            Say("两个 [[source]] 重名。", "Two [[source]] have the same name."),
            got=", ".join(sorted({name for name in names if names.count(name) > 1})),
            fix=Say("给每个来源取不同的名字。", "Give each source a name of its own."),
        )
    refuse_placements(settings)


def _refuse_unknown(timezone: str, currency: str, *, where: str) -> None:
    """Refuse a time zone or a currency that nobody knows, by the setting that names it; a source may leave both to the workspace."""
    if timezone:
        zone(timezone)
    if currency and currency not in CURRENCIES:
        raise SettingsError(
            Say("不认识这个币种。", "This currency is not known."),
            got=f"{where}currency = {currency}",
            fix=Say(f"使用其中之一：{listed(CURRENCIES, most=99)}。", f"Use one of {listed(CURRENCIES, most=99)}."),
        )
