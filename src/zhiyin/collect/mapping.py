"""Which column of a file is which field? Apply what is declared, propose what is not."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.collect.formats import open_file
from zhiyin.collect.propose import likely_kind, proposed, sampled
from zhiyin.collect.sniff import DateOrder, masked
from zhiyin.core.errors import MissingColumns, SettingsError, listed, one_of
from zhiyin.core.fields import ATTRIBUTE, CONSENT, IDENTIFIERS, KINDS, field_of
from zhiyin.core.settings import SourceSettings
from zhiyin.core.toml import source_text
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from zhiyin.collect.opened import Opened

__all__ = ["SURE", "Suggestion", "columns_of", "declared", "suggest"]

SHOWN = 5  # rows of the preview
SURE = 0.8  # a guess below this is shown for checking


@dataclass(frozen=True)
class Suggestion:
    """A proposed mapping, to be read and corrected by a person.

    `columns` is field -> column, `confidence` field -> 0 to 1, `missing` the fields that the kind needs and nothing fits,
    `unmapped` the columns that would be dropped, `preview` the first rows with what is personal masked, `toml` the text to
    paste into zhiyin.toml, `notes` what a person should look at before.
    """

    kind: str
    columns: dict[str, str]
    confidence: dict[str, float]
    missing: tuple[str, ...]
    unmapped: tuple[str, ...]
    dates: DateOrder
    preview: tuple[dict[str, str], ...]
    toml: str
    notes: tuple[Say, ...] = ()

    @property
    def unsure(self) -> tuple[str, ...]:
        """The fields whose column is a guess that a person should check."""
        return tuple(name for name, sure in self.confidence.items() if sure < SURE)

    def answer(self) -> dict[str, object]:
        """As plain values."""
        return asdict(self) | {"notes": [note._asdict() for note in self.notes]}


def declared(source: SourceSettings) -> dict[str, str]:
    """The mapping that the settings declare, field -> column.

    Raises:
        SettingsError: when the kind or a field does not exist; lists those that do.
    """
    one_of(KINDS, source.kind, what=Say("没有这一类文件。", "There is no such kind of file."), error=SettingsError)
    unknown = [name for name in source.columns if field_of(source.kind, name) is None]
    if unknown:
        families = [name for name in (ATTRIBUTE, CONSENT) if field_of(source.kind, f"{name}*")]
        names = [*KINDS[source.kind], *(f"{name}*" for name in families)]
        raise SettingsError(
            Say("这类文件没有这个字段。", "This kind of file has no such field."),
            got=f"source.{source.name}.columns.{unknown[0]}",
            fix=Say(f"可用的有：{listed(names, most=99)}。", f"Those that exist: {listed(names, most=99)}."),
        )
    return dict(source.columns)


def columns_of(source: SourceSettings, opened: Opened) -> dict[str, str]:
    """The mapping to read a file with: the declared one, or where none is declared the proposed one.

    Raises:
        MissingColumns: when a mapped column is not in the file, or no column fits a field that the kind needs.
    """
    columns = declared(source) or {field: guess.column for field, guess in proposed(source.kind, sampled(opened)).items()}
    absent = [column for column in columns.values() if column not in opened.header]
    needed = [name for name, field in KINDS[source.kind].items() if field.needed and name not in columns]
    if not absent and not needed:
        return columns
    there = listed([name for name in opened.header if name], most=60)
    raise MissingColumns(
        Say(f"{opened.path.name} 缺少列。", f"{opened.path.name} lacks columns."),
        got=listed(absent or needed),
        fix=Say(f"在 [source.columns] 里写明字段对应的列；文件里有：{there}。", f"Name them in [source.columns]; the file has: {there}."),
    )


def suggest(path: Path, *, kind: str = "", name: str = "", file: str = "") -> Suggestion:
    """Propose kind and mapping of a file from its headers and values.

    Args:
        path: the file.
        kind: one of `core.fields.KINDS`; empty: the kind that fits best.
        name: name of the source; default: the name of the file.
        file: what the settings shall say where the file is; default: its name.

    Raises:
        DataError: when the file cannot be read.
    """
    opened = open_file(path)
    sample = sampled(opened)
    kind = kind or likely_kind(sample)
    guesses = proposed(kind, sample)
    columns = {field: guess.column for field, guess in guesses.items()}
    dates: DateOrder = next((guess.dates for guess in guesses.values() if guess.dates != "auto"), "auto")
    source = SourceSettings(name=name or path.stem, kind=kind, file=Path(file or path.name).as_posix(), dates=dates, columns=columns)
    proposal = Suggestion(
        kind=kind,
        columns=columns,
        confidence={field: guess.confidence for field, guess in guesses.items()},
        missing=tuple(name for name, field in KINDS[kind].items() if field.needed and name not in columns),
        unmapped=tuple(column for column in sample if column not in columns.values()),
        dates=dates,
        preview=_preview(columns, sample),
        toml=source_text(source),
    )
    return replace(proposal, notes=_notes(proposal))


def _notes(proposal: Suggestion) -> tuple[Say, ...]:
    """What a person should look at before pasting."""
    kind = KINDS[proposal.kind]
    missing = [(kind[name].words, name) for name in proposal.missing]
    notes = [
        Say(f"没有找到{words.zh}（{name}），请补上对应的列。", f"No column fits the {words.en} ({name}); please name it.")
        for words, name in missing
    ]
    if proposal.unsure:
        notes.append(Say(f"请核对这些字段：{listed(proposal.unsure)}。", f"Please check these fields: {listed(proposal.unsure)}."))
    if proposal.unmapped:
        columns = listed(proposal.unmapped)
        notes.append(Say(f"这些列不会导入：{columns}。", f"These columns will not be imported: {columns}."))
    return tuple(notes)


def _preview(columns: dict[str, str], sample: dict[str, list[str]]) -> tuple[dict[str, str], ...]:
    """The first rows of the mapped columns; what could name a person is masked."""
    rows = min(SHOWN, max((len(values) for values in sample.values()), default=0))
    hidden = {column for field, column in columns.items() if field in IDENTIFIERS or field == "customer" or field.startswith(ATTRIBUTE)}
    return tuple(
        {column: masked(sample[column][at]) if column in hidden else sample[column][at] for column in columns.values()}
        for at in range(rows)
    )
