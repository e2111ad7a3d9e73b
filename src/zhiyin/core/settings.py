"""One frozen tree of settings: arguments > environment > zhiyin.toml > default; unknown names are refused."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from pydantic_settings import SettingsError as Unreadable

from zhiyin.core.clock import as_date
from zhiyin.core.errors import SettingsError, listed
from zhiyin.core.files import disk_errors
from zhiyin.core.settings_parts import (
    AlertSettings,
    DemandSettings,
    DepartmentSettings,
    FairnessSettings,
    PlacementSettings,
    RecommendSettings,
    RiskSettings,
    StockSettings,
    VariantSettings,
)
from zhiyin.core.words import Language, Say

__all__ = [
    "SETTINGS_FILE",
    "SOURCES_FILE",
    "ContactSettings",
    "FairnessSettings",
    "FolderSettings",
    "IdentitySettings",
    "LakeSettings",
    "LearningSettings",
    "PrivacySettings",
    "ServeSettings",
    "Settings",
    "SourceSettings",
    "UserSettings",
    "load_folder",
    "load_settings",
    "system_language",
]

PREFIX = "ZHIYIN_"
SETTINGS_FILE = "zhiyin.toml"
SOURCES_FILE = "sources.toml"  # beside the exports of a folder: what they are
Goal = Literal["conversion", "repurchase", "retention", "service"]


def _day(said: object) -> date | None:
    """A day as people write it, quoted or not; empty: none."""
    return None if said in ("", None) else as_date(said if isinstance(said, date) else str(said))


class _Part(BaseModel):
    # Parts are BaseModel, not BaseSettings: a nested BaseSettings would read `path` from $PATH.
    model_config = ConfigDict(frozen=True, extra="forbid")


class LakeSettings(_Part):
    """How much of the machine the analytical tables may use."""

    memory_mb: Annotated[int, Field(ge=128, description="memory of the analytical engine, in MB")] = 400
    threads: Annotated[int, Field(ge=1, le=256, description="threads of the analytical engine and of the factorisation of purchases")] = 2
    keep: Annotated[int, Field(ge=1, le=100, description="published generations kept as snapshots")] = 3


class PrivacySettings(_Part):
    """Who may see what."""

    smallest_group: Annotated[int, Field(ge=2, description="totals are never shown over fewer customers than this")] = 10
    manager_sees_rows: Annotated[bool, Field(description="a manager may read customers one by one (audited)")] = False


class IdentitySettings(_Part):
    """How records are found to be one person."""

    nobody: Annotated[
        tuple[str, ...], Field(description="phones and e-mail addresses that identify nobody, such as the shop's own number")
    ] = ()
    masks: Annotated[
        Literal["review", "link"],
        Field(description="a masked buyer whom one known person fits, and nobody else: link where the weights suffice, or ask a person"),
    ] = "link"


class LearningSettings(_Part):
    """How models are fitted and judged."""

    horizon_days: Annotated[int, Field(ge=1, le=365, description="predictions look this many days ahead")] = 28
    past_dates: Annotated[int, Field(ge=3, le=52, description="as-of days that models are fitted and judged on")] = 6
    refit_days: Annotated[int, Field(ge=0, description="a model younger than this many days is used again")] = 7
    min_outcomes: Annotated[int, Field(ge=5, description="outcomes of the rarer kind before rates are replaced by a model")] = 50
    boosting_outcomes: Annotated[int, Field(ge=50, description="outcomes of the rarer kind before boosting is tried")] = 100
    seed: Annotated[int, Field(ge=0, description="seed of everything random")] = 7
    budget_s: Annotated[float, Field(gt=0, le=36_000, description="seconds of one processor that fitting a question may take")] = 5.0
    tune_s: Annotated[
        float,
        Field(ge=0, le=36_000, description="seconds in which each question that is fitted searches for a better shape of boosted trees"),
    ] = 0.0
    shape: Annotated[
        dict[str, float],
        Field(description="shape of one more kind of boosted trees that is tried, as LightGBM calls it, such as num_leaves = 12"),
    ] = {}
    threads: Annotated[int, Field(ge=1, le=64, description="parts of a model that are fitted side by side")] = 2
    apart: Annotated[
        tuple[str, ...], Field(description="attributes whose values are left out of the learning one at a time, to be scored on")
    ] = ("industry", "sector", "行业")
    models: Annotated[
        dict[str, str], Field(description='question = model that is used instead of the winner, such as purchase = "forest"')
    ] = {}


class ContactSettings(_Part):
    """Whom a rep may contact, how often, and what a contact costs and may bring."""

    capacity: Annotated[int, Field(ge=1, description="contacts per rep and day; the size of the pool's list without reps")] = 50
    cost: Annotated[float, Field(ge=0, description="cost of one contact, in units of the currency")] = 0.5
    margin_share: Annotated[float, Field(gt=0, le=1, description="share of an order that is margin, where no margin is known")] = 0.25
    assumed_lift: Annotated[
        float, Field(gt=0, le=1, description="assumed share of P(buy | contact) that the contact itself causes, until measured")
    ] = 0.2
    holdout_share: Annotated[float, Field(ge=0, le=0.5, description="random share of eligible customers not contacted")] = 0.05
    days_between: Annotated[int, Field(ge=0, description="days between two contacts of one customer")] = 7
    channel: Annotated[str, Field(description="channel when the source names none")] = "phone"
    do_not_contact: Annotated[tuple[str, ...], Field(description="customer or record ids that are never contacted")] = ()


class ServeSettings(_Part):
    """Where events are taken in, and how much at a time."""

    host: Annotated[str, Field(min_length=1, description="address that `zhiyin serve` listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="port, 0 for a free one")] = 8700
    queue: Annotated[int, Field(ge=100, le=1_000_000, description="events that may wait for the disk; more are answered with 429")] = 20_000
    keep_days: Annotated[int, Field(ge=0, le=3650, description="days that the body of an event is kept after it is in the lake")] = 30
    origins: Annotated[tuple[str, ...], Field(description="web origins whose pages may send events; * for all")] = ("*",)
    traits: Annotated[tuple[str, ...], Field(description="traits of identify that are kept as attributes, beyond age, city ...")] = ()


class SourceSettings(_Part):
    """One file or source system and how its columns map to the fields of `zhiyin tables --fields`."""

    name: Annotated[str, Field(min_length=1, description="name of the source")]
    kind: Annotated[
        str,
        Field(description="orders, customers, contacts, traits, transfers, events, products, stock, campaigns, offers, touches, outcomes"),
    ] = "orders"
    file: Annotated[str, Field(description="file or pattern, relative to zhiyin.toml")] = ""
    connector: Annotated[str, Field(description="files, or the name of another connector")] = "files"
    system: Annotated[
        str,
        Field(
            description="system whose customer ids these are; default: the name; of contacts with ids of their own: the system of their firms and .contacts"
        ),
    ] = ""
    currency: Annotated[str, Field(description="ISO 4217 code when no column names it; default: the workspace's")] = ""
    timezone: Annotated[str, Field(description="zone of times without one; default: the workspace's")] = ""
    dates: Annotated[Literal["auto", "ymd", "dmy", "mdy"], Field(description="order of day, month, year where a date is ambiguous")] = (
        "auto"
    )
    columns: Annotated[dict[str, str], Field(description="field = column of the file")] = {}
    needs: Annotated[tuple[str, ...], Field(description="fields that every row must tell; a row without one is refused")] = ()
    allowed: Annotated[
        dict[str, tuple[str, ...]], Field(description="field = the only values that it may have; a row with another is refused")
    ] = {}


class FolderSettings(_Part):
    """What the sources.toml of a folder of exports says: its sources, and settings that a workspace takes over where it has none."""

    as_of: Annotated[date | None, BeforeValidator(_day)] = None
    goal: Goal | None = None
    timezone: str = ""
    currency: str = ""
    source: tuple[SourceSettings, ...] = ()


class UserSettings(_Part):
    """A person who may look: what `--as USER` stands for."""

    id: Annotated[str, Field(min_length=1, description="name used with --as")]
    role: Annotated[Literal["rep", "lead", "manager", "marketer", "analyst", "admin", "auditor"], Field(description="role")]
    team: Annotated[str, Field(description="team, for lead and manager")] = ""


class Settings(BaseSettings):
    """Everything that can be set, with its unit, bounds and default."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__", toml_file=None, env_ignore_empty=True
    )

    goal: Annotated[Goal, Field(description="business goal: picks the question, the label and the report")] = "repurchase"
    language: Annotated[Literal["", "zh", "en"], Field(description="zh or en; empty: from LANG")] = ""
    timezone: Annotated[str, Field(description="zone in which days are counted")] = "Asia/Shanghai"
    currency: Annotated[str, Field(description="ISO 4217 code of the reports")] = "CNY"
    as_of: Annotated[date | None, BeforeValidator(_day), Field(description="day of the list when none is said; empty: today")] = None
    key: Annotated[SecretStr | None, Field(description="master key, 64 hex digits; default: the key file")] = None
    key_file: Annotated[str, Field(description="file with the master key, mode 0600; default: zhiyin.key in the workspace")] = ""
    lake: LakeSettings = LakeSettings()
    privacy: PrivacySettings = PrivacySettings()
    identity: IdentitySettings = IdentitySettings()
    learning: LearningSettings = LearningSettings()
    fairness: FairnessSettings = FairnessSettings()
    contact: ContactSettings = ContactSettings()
    serve: ServeSettings = ServeSettings()
    recommend: RecommendSettings = RecommendSettings()
    risk: RiskSettings = RiskSettings()
    alerts: AlertSettings = AlertSettings()
    stock: StockSettings = StockSettings()
    demand: DemandSettings = DemandSettings()
    source: tuple[SourceSettings, ...] = ()
    user: tuple[UserSettings, ...] = ()
    department: tuple[DepartmentSettings, ...] = ()
    placement: tuple[PlacementSettings, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then zhiyin.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(folder: Path, **arguments: Any) -> Settings:  # noqa: ANN401 - any setting
    """Read the settings of the workspace in `folder`.

    Raises:
        SettingsError: for an unknown name or an impossible value, with the names that exist.
    """
    file = folder / SETTINGS_FILE
    _refuse_unknown_environment(os.environ)

    class Located(Settings):
        model_config = SettingsConfigDict(toml_file=file if file.is_file() else None)

    Located.__name__ = "Settings"
    try:
        with disk_errors(SETTINGS_FILE):
            return Located(**arguments)
    except Unreadable as wrong:
        raise _not_json(wrong) from None
    except tomllib.TOMLDecodeError as wrong:
        raise _no_toml(wrong, SETTINGS_FILE) from wrong
    except (ValidationError, UnicodeDecodeError) as wrong:
        raise _explained(wrong) from None


def load_folder(folder: Path) -> FolderSettings:
    """Read the sources.toml of a folder of exports.

    Raises:
        SettingsError: for an unknown name or an impossible value, with the names that exist.
    """
    try:
        with disk_errors(SOURCES_FILE):
            text = (folder / SOURCES_FILE).read_bytes().decode("utf-8-sig")
        return FolderSettings(**tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        raise _no_toml(wrong, SOURCES_FILE) from wrong
    except (ValidationError, UnicodeDecodeError) as wrong:
        raise _explained(wrong, tree=FolderSettings, file=SOURCES_FILE) from None


def system_language() -> Language:
    """The language of who sits at the machine: zh where LC_ALL, LC_MESSAGES or LANG begins with zh, else en."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if said.lower().startswith("zh") else "en"


def _refuse_unknown_environment(environment: Mapping[str, str]) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = [name for name in environment if name.startswith(PREFIX) and name.split("__")[0].upper() not in known]
    if unknown:
        raise SettingsError(
            Say("环境变量里有不认识的设置。", "The environment has a setting that does not exist."),
            got=listed(unknown),
            fix=Say(f"可用的有：{listed(sorted(known), most=99)}。", f"Those that exist: {listed(sorted(known), most=99)}."),
        )


def _no_toml(wrong: tomllib.TOMLDecodeError, file: str) -> SettingsError:
    happened = Say(f"{file} 不是有效的 TOML。", f"{file} is not valid TOML.")
    return SettingsError(happened, got=str(wrong), fix=Say("改正这一行。", "Correct that line."))


def _explained(
    wrong: ValidationError | UnicodeDecodeError, *, tree: type[BaseModel] = Settings, file: str = SETTINGS_FILE
) -> SettingsError:
    """A sentence about the first problem; values are not repeated, one may be the key."""
    if isinstance(wrong, UnicodeDecodeError):
        return SettingsError(Say(f"{file} 不是 UTF-8。", f"{file} is not UTF-8."), fix=Say("存成 UTF-8。", "Save it as UTF-8."))
    first = wrong.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        part = _part_at(first["loc"][:-1], tree)
        names = listed(part.model_fields, most=99)
        return SettingsError(
            Say("没有这个设置。", "There is no such setting."), got=where, fix=Say(f"可用的有：{names}。", f"Those that exist: {names}.")
        )
    wanted = _wanted(first)
    places = (
        Say("zhiyin.toml、环境变量或参数", "zhiyin.toml, the environment or the argument") if file == SETTINGS_FILE else Say(file, file)
    )
    return SettingsError(
        Say("设置的值不对。", "A setting has an impossible value."),
        got=where,
        fix=Say(
            f"应为：{wanted.zh}。改正 {places.zh}，见 docs/settings.md。",
            f"It must be {wanted.en}; correct {places.en}, see docs/settings.md.",
        ),
    )


# Kinds of problem of pydantic, by how they begin -> what a value must be.
_WANTED = {
    "greater_than_equal": Say("不小于 {ge}", "at least {ge}"),
    "greater_than": Say("大于 {gt}", "more than {gt}"),
    "less_than_equal": Say("不大于 {le}", "at most {le}"),
    "less_than": Say("小于 {lt}", "less than {lt}"),
    "literal": Say("{expected} 之一", "{expected}"),
    "int": Say("整数", "a whole number"),
    "float": Say("数字", "a number"),
    "finite": Say("有限的数字", "a finite number"),
    "bool": Say("true 或 false", "true or false"),
    "string_pattern_mismatch": Say("http:// 或 https:// 开头的地址", "an address that begins with http:// or https://"),
    "string_too_short": Say("不能留空", "given"),
    "string": Say("引号里的文字", "text in quotes"),
    "value_error": Say("2026-11-21 这样的一天，或留空", "a day such as 2026-11-21, or empty"),  # of `_day`, the only check of our own
    "missing": Say("必须写明", "given"),
    "model": Say("一段设置，如 [contact]", "a part such as [contact]"),
    "dict": Say("一段设置，如 [source.columns]", "a part such as [source.columns]"),
    "tuple": Say("一个列表，如 [[source]]", "a list such as [[source]]"),
}


def _wanted(problem: Mapping[str, Any]) -> Say:
    """What the value must be; what pydantic says in English where it has a problem of another kind."""
    kind = str(problem["type"])
    found = next((say for begins, say in _WANTED.items() if kind.startswith(begins)), None)
    return found.fill(**problem.get("ctx", {})) if found else Say(str(problem["msg"]), str(problem["msg"]))


def _not_json(wrong: Unreadable) -> SettingsError:
    """A part of the tree in one environment variable must be JSON; its value is not repeated."""
    name = str(wrong).partition('"')[2].partition('"')[0]
    one = f"{PREFIX}{name.upper()}"
    return SettingsError(
        Say("环境变量的值不是 JSON。", "The value of an environment variable is not JSON."),
        got=one,
        fix=Say(f"写成 JSON，或逐项写 {one}__名字。", f"Write it as JSON, or setting by setting as {one}__NAME."),
    )


_LISTED: dict[str, type[BaseModel]] = {"source": SourceSettings, "user": UserSettings, "department": DepartmentSettings}
_LISTED |= {"placement": PlacementSettings, "variant": VariantSettings}


def _part_at(where: tuple[int | str, ...], tree: type[BaseModel]) -> type[BaseModel]:
    part = tree
    for name in where:
        if not isinstance(name, str) or name not in part.model_fields:
            continue
        inner = _LISTED.get(name) or part.model_fields[name].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            part = inner
    return part
