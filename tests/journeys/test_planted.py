"""Identifiers planted in a company's files appear nowhere: in no file of the workspace, no log, no column opened with the key."""

from __future__ import annotations

import base64
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa

import zhiyin
from journeys.fixtures import Said
from journeys.shop import opened
from zhiyin.app.home import Home, open_home
from zhiyin.cli.door import answered
from zhiyin.unify import people

PHONE, SECOND, NAME, ID_NUMBER, EMAIL = "13812345678", "13987653421", "欧阳若兰", "11010519491231002X", "ruolan.ouyang@example.com"
ADDRESS, OPENID = "静安区南京西路1788号", "oX7pq4kJ9wQmPLANTED"
PLANTED = (PHONE, SECOND, NAME, ID_NUMBER, EMAIL, ADDRESS, OPENID)
CARDS = f"""手机号,姓名,邮箱,身份证,地址,微信,负责人,备注,建档
{PHONE},{NAME},{EMAIL},{ID_NUMBER},{ADDRESS},{OPENID},wang,{NAME} {PHONE},2026-01-02
{SECOND},,,{ID_NUMBER},,,wang,,2026-01-02
K3,,,,,,,,不是日期 {PHONE}
,{NAME},,,,,,,2026-01-02
"""
SETTINGS = """
[[user]]
id = "wang"
role = "rep"

[[source]]
name = "cards"
kind = "customers"
file = "../raw/cards.csv"
columns = { customer = "手机号", phone = "手机号", name = "姓名", email = "邮箱", id_number = "身份证", address = "地址", openid = "微信", owner = "负责人", since = "建档" }

[[source]]
name = "orders"
file = "../raw/orders.csv"
columns = { customer = "手机号", name = "收件人", phone = "手机号", order_id = "单号", product_id = "货号", amount = "金额", ordered_at = "时间" }
"""


def spellings(text: str) -> set[bytes]:
    """How a text may look in a file: other encodings, base64 at each offset, hex, reversed."""
    raw = text.encode()
    coded = [base64.b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)]
    return {raw, text.encode("utf-16-le"), text.encode("gb18030"), raw.hex().encode(), raw[::-1], *coded}


def shown_in_files(folder: Path) -> list[str]:
    """Files of the workspace that show something planted, in any spelling."""
    forms = [form for text in PLANTED for form in spellings(text)]
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert len(files) > 8
    return sorted(path.name for path, content in files.items() if any(form in content for form in forms))


def held_in_columns(home: Home) -> list[str]:
    """Columns of lake and ledger, opened with the key, that hold something planted."""
    found = set()
    with home.lake.open() as view:
        for table in view.tables():
            frame = view.frame(view.table(table)).astype(str)
            found |= {f"{table}.{name}" for name in frame for text in PLANTED if frame[name].str.contains(text, regex=False).any()}
    with home.ledger.read() as connection:
        for table in sa.inspect(connection).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings():
                found |= {f"{table}.{name}" for name, value in row.items() if any(text in str(value) for text in PLANTED)}
    return sorted(found)


def write_raw(folder: Path) -> None:
    """The company's own files, beside the workspace: one row has a phone where a day should be, one has no customer."""
    (folder / "raw").mkdir()
    (folder / "raw" / "cards.csv").write_text(CARDS, "utf-8")
    rows = [f"{(PHONE, SECOND, 'K3')[n % 3]},{NAME},S{n},P{n % 2},{200 + n}.00,2026-0{1 + n // 5}-{10 + n} 10:00" for n in range(15)]
    rows += [f"{PHONE},{NAME},S99,P1,电话{PHONE},2026-02-01 10:00", f"1.38E+10,{NAME},S98,P1,3,2026-02-01 10:00"]
    (folder / "raw" / "orders.csv").write_text("\n".join(["手机号,收件人,单号,货号,金额,时间", *rows]), "utf-8")


@pytest.fixture
def everything_done(tmp_path, zhiyin_says) -> tuple[Path, list[Said]]:
    """Import, run, list, page, report, outcome, as owner and as rep, with the log on: the workspace and all that was said."""
    write_raw(tmp_path)
    folder = opened(tmp_path / "shop", SETTINGS)
    commands = [
        ["import"], ["run", "--as-of", "2026-05-01"], ["report"], ["today"], ["explain", PHONE], ["customer", SECOND],
        ["outcome", PHONE, "answered", "--as", "wang"], ["customer", "13800000000"], ["check"], ["models"], ["import"], ["import", PHONE],
    ]  # fmt: skip
    said = [zhiyin_says(*command, "-w", folder, "-v", "--lang", "zh") for command in commands]
    assert [one.code for one in said] == [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 3]
    return folder, said


@pytest.mark.slow
def test_nothing_planted_is_found_anywhere(everything_done):
    folder, said = everything_done
    home = open_home(folder)
    found = home.vault.find("phone", f"+86{PHONE}")
    assert len(found) == 2  # the vault does hold it, for the card and for the orders
    assert {tuple(sorted(row)) for row in home.vault.open(found, ["name", "source_key"]).values()} == {("name", "source_key")}
    assert shown_in_files(folder) == []
    assert held_in_columns(home) == []
    logs = [one.err for one in said if "stage=" in one.err]
    assert len(logs) >= 2
    assert not [text for text in PLANTED for log in logs if text in log]
    assert not [text for text in (NAME, ID_NUMBER, EMAIL, ADDRESS, OPENID) for one in said if text in one.out]
    with home.lake.open() as view:
        refused = view.frame(view.table("refused"))
    assert set(refused["code"]) >= {"bad_time", "bad_money", "damaged_id", "no_customer"}
    kept = b" ".join(home.vault.open_row(sealed) for sealed in refused["sealed_id"])  # what was refused: only the key opens it
    assert PHONE.encode() in kept
    assert NAME.encode() in kept
    home.close()


def test_without_the_vault_the_same_scan_turns_red(tmp_path, monkeypatch):
    """A phone that is stored like any property, a name that goes to the ledger, a number in a note."""
    write_raw(tmp_path)
    folder = opened(tmp_path / "shop", SETTINGS)

    def leaking(rows: pa.Table) -> pa.Table | None:
        told = pa.table({"record_id": rows["record_id"], "value": rows["phone"], "source_row": rows["source_row"]})
        return told.append_column("name", pa.repeat("mobile", rows.num_rows)).filter(rows["phone"].is_valid())

    monkeypatch.setattr("zhiyin.unify.kinds.attributes", leaking)
    assert people.attributes is not leaking
    with zhiyin.open(folder) as workspace:
        workspace.import_("cards")
        home = workspace._home
        assert held_in_columns(home) == ["attribute.value"]
        home.journal.add_outcome(customer_id="r1", kind="answered", question=NAME, amount=0, at="2026-05-01", by="wang")
        assert held_in_columns(home) == ["attribute.value", "outcome.question"]
        assert shown_in_files(folder) == []  # what lies there is encrypted still
        (folder / "notes.txt").write_text(ID_NUMBER, "gb18030")
        assert shown_in_files(folder) == ["notes.txt"]


def test_the_door_that_was_called_is_the_one_that_people_call():
    assert answered.__module__ == "zhiyin.cli.door"
