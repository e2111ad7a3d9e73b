"""A phone, a name and an ID number go through the whole store: no file shows them, and no column of lake or ledger holds them."""

import base64
from pathlib import Path

import pytest
import sqlalchemy as sa

from zhiyin.store.ledger import audit, merge, note, outcome, run

PHONE, NAME, ID_NUMBER = "13812345678", "欧阳若兰", "11010519491231002X"
PLANTED = (PHONE, NAME, ID_NUMBER)


def spellings(text):
    """How a text may look in a file: other encodings, base64 at each offset, hex, reversed."""
    raw = text.encode()
    coded = [base64.b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)]
    return {raw, text.encode("utf-16-le"), text.encode("gb18030"), raw.hex().encode(), raw[::-1], *coded}


def files_that_show(folder):
    return sorted(
        {
            path.name
            for path in folder.rglob("*")
            if path.is_file()
            for text in PLANTED
            for form in spellings(text)
            if form in path.read_bytes()
        }
    )


def columns_that_hold(view, ledger):
    """Every column of lake and ledger, opened with the key."""
    found = set()
    for table in view.tables():
        for row in view.frame(view.table(table)).to_dict("records"):
            found |= {f"{table}.{name}" for name, value in row.items() if any(text in str(value) for text in PLANTED)}
    with ledger.read() as connection:
        for table in sa.inspect(connection).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings():
                found |= {f"{table}.{name}" for name, value in row.items() if any(text in str(value) for text in PLANTED)}
    return sorted(found)


@pytest.fixture
def planted(tmp_path, lake, ledger, vault, rows):
    """A workspace as an import leaves it, everything still open: write-ahead logs and locks are scanned too."""
    vault.seal([("r1", "name", NAME), ("r1", "phone", PHONE), ("r1", "id_number", ID_NUMBER), ("r1", "source_key", PHONE)])
    vault.seal_row("x1", f"{NAME},{PHONE},{ID_NUMBER}\n".encode())
    with lake.build(carry=[]) as build:
        build.append("record", rows("record", record_id=["r1"]))
        build.append("link_key", rows("link_key", record_id=["r1"], kind=["phone"], digest=[vault.digest("phone", PHONE)]))
        build.append("refused", rows("refused", batch_id=["b1"], sealed_id=["x1"]))
        build.write("identity", rows("identity", record_id=["r1"], customer_id=["r1"]))
        build.publish()
    with ledger.begin() as connection:
        for table in (audit, merge, note, outcome, run):
            connection.execute(
                sa.insert(table).values(**{c.name: 1 if str(c.type) in ("INTEGER", "FLOAT") else "x" for c in table.columns})
            )
    with lake.open() as view:
        yield tmp_path, view


def test_no_file_shows_who_it_is(planted, vault, ledger):
    folder, view = planted
    assert vault.find("phone", PHONE) == ["r1"]
    assert len([path for path in folder.rglob("*") if path.is_file()]) >= 10
    assert files_that_show(folder) == []
    vault.erase(["r1"])
    assert files_that_show(folder) == []
    assert columns_that_hold(view, ledger) == []


def test_without_the_vault_the_scan_turns_red(planted, lake, ledger, rows):
    folder, _ = planted
    with lake.build(carry=["record"]) as build:
        build.append("attribute", rows("attribute", record_id=["r1"], name=["mobile"], value=[PHONE]))
        build.publish()
    with ledger.begin() as connection:
        connection.execute(sa.insert(note).values(name="who", value=NAME, at="x"))
    (folder / "notes.txt").write_bytes(ID_NUMBER.encode())
    with lake.open() as view:
        assert columns_that_hold(view, ledger) == ["attribute.value", "note.value"]
    assert files_that_show(folder) == ["notes.txt"]  # what lies in the lake is encrypted still


@pytest.mark.parametrize("form", sorted(spellings(NAME), key=repr))
def test_the_scan_knows_other_spellings(tmp_path, form):
    Path(tmp_path / "dump.bin").write_bytes(b"\0" * 100 + form + b"\0" * 100)
    assert files_that_show(tmp_path) == ["dump.bin"]
