"""From files to facts: which source, in which order, and what becomes of rows that cannot be taken."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import zhiyin
from zhiyin.app.home import create_home, open_home
from zhiyin.app.intake import source_named
from zhiyin.core.errors import DataError, SettingsError

ORDERS = '[[source]]\nname = "till"\nsystem = "shop"\nfile = "orders-*.csv"\ncolumns = { customer = "c", order_id = "o", product_id = "p", amount = "a", ordered_at = "t" }\n'
CARDS = '[[source]]\nname = "cards"\nsystem = "shop"\nkind = "customers"\nfile = "cards.csv"\ncolumns = { customer = "c", owner = "w" }\n'


@pytest.fixture
def folder(tmp_path):
    create_home(tmp_path, template=ORDERS + CARDS)
    (tmp_path / "orders-1.csv").write_text("c,o,p,a,t\nM1,D1,P1,12.50,2026-05-01\nM2,D2,P1,9,2026-05-02\n")
    (tmp_path / "orders-2.csv").write_text("c,o,p,a,t\nM1,D3,P1,1,2026-05-03\nM1,D1,P1,12.50,2026-05-01\n")
    (tmp_path / "cards.csv").write_text("c,w\nM1,wang\nM3,li\n")
    return tmp_path


def frame(folder, table):
    with open_home(folder).lake.open() as view:
        return view.frame(view.table(table))


def test_a_source_is_found_by_its_name(folder):
    home = open_home(folder)
    assert source_named(home, "cards").kind == "customers"
    with pytest.raises(SettingsError, match=r"zhiyin\.toml has no such source\. Got card\. Fix: Known: till, cards\."):
        source_named(home, "card")


@pytest.mark.parametrize("names", [("till", "cards"), ("cards", "till")])
def test_the_order_of_the_sources_does_not_matter(folder, names):
    with zhiyin.open(folder) as workspace:
        for name in names:
            workspace.import_(name)
    records = frame(folder, "record").sort_values("since_on")
    assert sorted(records["owner_id"].fillna("")) == ["", "li", "wang"]
    assert len(records) == 3


def test_every_row_is_accounted_for(folder):
    with zhiyin.open(folder) as workspace:
        done = {one.source: one for one in workspace.import_()}
    till, cards = done["till"], done["cards"]
    assert (till.read, till.tables["order_line"], till.refused) == (4, 4, 0)  # D1/P1 twice: a second pack of the same order
    assert (cards.read, cards.refused) == (2, 0)


def test_one_damaged_file_and_nothing_is_loaded(folder):
    (folder / "cards.csv").write_bytes(b"")
    with zhiyin.open(folder) as workspace:
        with pytest.raises(DataError):
            workspace.import_()
        assert workspace._home.lake.current() is None


def test_a_stage_is_told_with_each_batch(folder):
    told = []
    with zhiyin.open(folder) as workspace:
        workspace.import_("till", progress=lambda stage, done: told.append((stage.en, done)))
    assert told[0] == ("Import till", None)
    assert told[-3:] == [("Import till", 1.0), ("Measure quality", None), ("Measure quality", 1.0)]


@pytest.mark.parametrize(("as_of", "since"), [("2026-05-04", date(2026, 5, 4)), ("2026-09-30", date(2026, 9, 1)), ("", date(2026, 9, 1))])
def test_a_consent_without_a_day_is_known_on_the_day_of_the_list(folder, monkeypatch, as_of, since):
    monkeypatch.setattr("zhiyin.app.intake.utc_now", lambda: datetime(2026, 9, 1, 2, tzinfo=UTC))
    agreed = CARDS.replace('owner = "w"', '"consent.sms" = "s"')
    (folder / "zhiyin.toml").write_text(f'as_of = "{as_of}"\n{agreed}', "utf-8")
    (folder / "cards.csv").write_text("c,s\nM1,yes\n")
    with zhiyin.open(folder) as workspace:
        workspace.import_()
    assert [day.date() for day in frame(folder, "consent")["since_on"]] == [since]


def test_what_describes_is_brought_up_to_date(folder):
    with zhiyin.open(folder) as workspace:
        workspace.import_()
        (folder / "cards.csv").write_text("c,w\nM1,zhao\n")
        workspace.import_("cards")
    assert sorted(frame(folder, "record")["owner_id"].dropna()) == ["li", "zhao"]
