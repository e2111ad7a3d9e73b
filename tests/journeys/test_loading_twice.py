"""Loading the same files twice changes nothing; loading more of them adds what is new."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import zhiyin
from journeys.shop import Size, imported
from zhiyin.app.home import open_home

SMALL = Size(customers=12, products=12)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported(tmp_path_factory.mktemp("loaded") / "shop", SMALL)


def fingerprints(folder: Path, *, without: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    """Rows and content of every table of the current generation, in the order of their keys."""
    home = open_home(folder)
    found = {}
    with home.lake.open() as view:
        for table in set(view.tables()) - set(without):
            rows = sorted(map(str, view.frame(view.table(table)).to_dict("records")))
            found[table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_the_same_files_again_are_recognised(loaded):
    before = fingerprints(loaded)
    assert before["order_line"][0] > 100
    with zhiyin.open(loaded) as workspace:
        again = workspace.import_()
    assert [(one.known, one.read, one.stored) for one in again] == [(True, 0, 0)] * 9
    assert fingerprints(loaded) == before


def test_the_same_rows_in_another_file_are_no_news(loaded):
    """Another order of rows, another encoding: the file is read, and every row of it is known."""
    before = fingerprints(loaded, without=("batch", "quality"))
    orders = loaded / "订单.csv"
    header, *rows = orders.read_text("gb18030").splitlines()
    orders.write_text("\n".join([header, *reversed(rows)]), encoding="utf-8-sig")
    with zhiyin.open(loaded) as workspace:
        (again,) = workspace.import_("till")
    assert (again.known, again.read, again.stored, again.refused) == (False, len(rows), 0, 0)
    assert again.duplicate >= len(rows)
    assert fingerprints(loaded, without=("batch", "quality")) == before
    assert fingerprints(loaded)["batch"][0] == 10


def test_what_is_new_is_added_and_what_contradicts_is_refused(loaded):
    before = fingerprints(loaded)
    orders = loaded / "订单.csv"
    header, *rows = orders.read_text("utf-8-sig").splitlines()
    wrong = rows[0].replace("¥", "¥9")
    new = "D99999,M1000,,,P001,粮油001号,粮油,1,¥6.00,0,2026/10/31 20:00,"
    orders.write_text("\n".join([header, *rows[1:], wrong, new]), encoding="utf-8")
    with zhiyin.open(loaded) as workspace:
        (again,) = workspace.import_("till")
    assert (again.tables["order_line"], again.refused, again.reasons) == (1, 1, {"id_conflict": 1})
    after = fingerprints(loaded)
    assert after["order_line"][0] == before["order_line"][0] + 1
    assert after["record"] == before["record"]
