"""Every connector x every promise; a new connector is one file, one line in CONNECTORS and one small source here."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

from contracts.sources import SOURCES
from zhiyin.collect.batch import RawBatch
from zhiyin.collect.connectors import CONNECTORS, connector
from zhiyin.collect.fingerprint import fingerprint
from zhiyin.core.errors import SettingsError, ZhiyinError
from zhiyin.core.fields import KINDS, field_of
from zhiyin.core.settings import SourceSettings
from zhiyin.unify.clean import Defaults, Typed, typed

# How many promises a connector keeps. Fewer means that one has slipped out; change it only together with the check.
PROMISES = 12


class Trial:
    """One source of a connector, and what it gives."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.source: SourceSettings = SOURCES[name](folder)

    def batches(self) -> list[RawBatch]:
        return list(connector(self.name)(self.source, self.folder))

    def facts(self) -> list[Typed]:
        defaults = Defaults(system="s", source="s", currency="CNY", timezone="Asia/Shanghai", dates="auto", batch_id="b1")
        return [
            typed(
                batch.kind, batch, defaults=defaults, record_id=lambda natives: [f"r{native}" for native in natives], digest="{}:{}".format
            )
            for batch in self.batches()
        ]


def gives_batches(trial: Trial) -> None:
    batches = trial.batches()
    assert batches
    assert all(isinstance(batch, RawBatch) and isinstance(batch.columns, pa.Table) for batch in batches)


def is_lazy(trial: Trial) -> None:
    assert next(iter(connector(trial.name)(trial.source, trial.folder))).columns.num_rows


def kinds_are_known(trial: Trial) -> None:
    assert {batch.kind for batch in trial.batches()} <= KINDS.keys()


def fields_are_known(trial: Trial) -> None:
    unknown = [name for batch in trial.batches() for name in batch.columns.column_names if not field_of(batch.kind, name)]
    assert set(unknown) == {"source_row"}


def needed_fields_are_there(trial: Trial) -> None:
    for batch in trial.batches():
        assert {name for name, field in KINDS[batch.kind].items() if field.needed} <= set(batch.columns.column_names)


def columns_hold_single_values(trial: Trial) -> None:
    assert not [column for batch in trial.batches() for column in batch.columns.schema.types if pa.types.is_nested(column)]


def rows_are_numbered_upwards(trial: Trial) -> None:
    numbers = [number for batch in trial.batches() for number in batch.columns["source_row"].to_pylist()]
    assert all(batch.columns.schema.field("source_row").type == pa.int64() for batch in trial.batches())
    assert numbers[0] >= 1
    assert all(first < second for first, second in pairwise(numbers))


def unread_rows_have_numbers_of_their_own(trial: Trial) -> None:
    batches = trial.batches()
    read = {number for batch in batches for number in batch.columns["source_row"].to_pylist()}
    unread = [row.source_row for batch in batches for row in batch.unread]
    assert not read & set(unread)
    assert len(unread) == len(set(unread))


def dropped_columns_are_counted(trial: Trial) -> None:
    for batch in trial.batches():
        assert all(count == batch.columns.num_rows for count in batch.dropped.values())
    assert any(batch.dropped for batch in trial.batches())


def reading_twice_gives_the_same(trial: Trial) -> None:
    first, second = trial.batches(), trial.batches()
    assert [(batch.kind, batch.columns, batch.unread, batch.dropped) for batch in first] == [
        (batch.kind, batch.columns, batch.unread, batch.dropped) for batch in second
    ]
    assert fingerprint(trial.source, trial.folder) == fingerprint(trial.source, trial.folder)


def rows_become_facts_or_are_refused(trial: Trial) -> None:
    for batch, facts in zip(trial.batches(), trial.facts(), strict=True):
        assert facts.rows == batch.columns.num_rows + len(batch.unread)
        assert facts.tables
        assert facts.refused.num_rows == len(facts.raw_refused) == len(batch.unread)


def a_missing_source_is_said(trial: Trial) -> None:
    gone = trial.source.model_copy(update={"file": "gone/orders.csv"})
    with pytest.raises(ZhiyinError, match=r"Got .+\. Fix: .+"):
        list(connector(trial.name)(gone, trial.folder))


CHECKS: tuple[Callable[[Trial], None], ...] = (
    gives_batches,
    is_lazy,
    kinds_are_known,
    fields_are_known,
    needed_fields_are_there,
    columns_hold_single_values,
    rows_are_numbered_upwards,
    unread_rows_have_numbers_of_their_own,
    dropped_columns_are_counted,
    reading_twice_gives_the_same,
    rows_become_facts_or_are_refused,
    a_missing_source_is_said,
)
TRIALS = [(name, check) for name in CONNECTORS for check in CHECKS]


@pytest.mark.parametrize(("name", "check"), TRIALS, ids=[f"{name}-{check.__name__}" for name, check in TRIALS])
def test_connector_keeps_its_promise(name, check, tmp_path, record_property):
    record_property("contract", (name, check.__name__))
    check(Trial(name, tmp_path))


def test_every_connector_has_a_source_and_no_check_has_slipped_out():
    assert SOURCES.keys() == CONNECTORS.keys()
    assert len(TRIALS) == PROMISES * len(CONNECTORS)


def test_an_unknown_connector_lists_those_that_exist():
    with pytest.raises(SettingsError, match=r"There is no such connector\. Got ftp\. Fix: Use one of files, complete-journey\."):
        connector("ftp")


NEW = '''
"""Orders that a cash register prints: date;customer;order;amount."""

import pyarrow as pa

from zhiyin.collect.batch import RawBatch


def rows(source, folder):
    lines = [line.split(";") for line in (folder / source.file).read_text().splitlines()]
    names = ("ordered_at", "customer", "order_id", "amount")
    columns = {name: pa.array(cells) for name, cells in zip(names, zip(*lines, strict=True), strict=True)}
    yield RawBatch("orders", pa.table({**columns, "source_row": pa.array(range(1, len(lines) + 1), pa.int64())}))
'''


def test_a_new_connector_is_one_file_and_one_line(tmp_path, monkeypatch):
    (tmp_path / "cash_register.py").write_text(NEW)
    (tmp_path / "day.txt").write_text("2026-11-01;li;1;12.50\n2026-11-01;wang;2;8.00\n")
    monkeypatch.syspath_prepend(tmp_path)

    monkeypatch.setitem(CONNECTORS, "cash-register", "cash_register:rows")

    monkeypatch.setitem(SOURCES, "cash-register", lambda _: SourceSettings(name="till", connector="cash-register", file="day.txt"))
    trial = Trial("cash-register", tmp_path)
    (facts,) = trial.facts()
    assert facts.tables["order_line"]["amount"].to_pylist() == [1250, 800]
    assert len(fingerprint(trial.source, tmp_path)) == 64
    for check in CHECKS:
        if check not in (dropped_columns_are_counted, a_missing_source_is_said):
            check(trial)
