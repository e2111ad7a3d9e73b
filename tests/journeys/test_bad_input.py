"""What people feed by mistake: each time a clear sentence and an exit code, nothing half loaded, the list of before still there."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

import zhiyin
from zhiyin.app.home import open_home

HEADER = "单号,会员,货号,金额,时间\n"
GOOD = "A1,M1000,P001,12.00,2026-09-01 10:00\n"
SOURCE = """
[[source]]
name = "kiosk"
system = "shop"
file = "{file}"
columns = {{ order_id = "单号", customer = "会员", product_id = "货号", amount = "金额", ordered_at = "时间" }}
"""


def text(content: str, name: str = "kiosk.csv", encoding: str = "utf-8") -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        (folder / name).write_bytes(content.encode(encoding))
        return name

    return write


def truncated_workbook(folder: Path) -> str:
    from openpyxl import Workbook

    book = Workbook()
    for row in (HEADER, GOOD):
        book.active.append(row.strip().split(","))
    book.save(folder / "kiosk.xlsx")
    whole = (folder / "kiosk.xlsx").read_bytes()
    (folder / "kiosk.xlsx").write_bytes(whole[: len(whole) // 2])
    return "kiosk.xlsx"


REFUSED_WHOLE: dict[str, tuple[Callable[[Path], str], str]] = {
    "no file": (lambda _: "nowhere.csv", "nowhere.csv"),
    "an empty file": (text(""), "kiosk.csv"),
    "a header with a name twice": (text("单号,会员,货号,金额,金额,时间\n" + GOOD), "金额"),
    "a mapped column that is not there": (text("单号,会员,货号,时间\nA1,M1000,P001,2026-09-01\n"), "金额"),
    "a quote that never ends": (text(HEADER + GOOD + 'A2,M1000,"P001,12.00,2026-09-01 10:00\n'), "kiosk.csv"),
    "a cut workbook": (truncated_workbook, "kiosk.xlsx"),
    "bytes of no encoding": (lambda folder: (folder / "kiosk.csv").write_bytes(HEADER.encode() + b"\xff\xfe\x00\x81\xff" * 9) and "kiosk.csv", "kiosk.csv"),
}  # fmt: skip


def with_kiosk(folder: Path, file: str) -> None:
    with (folder / "zhiyin.toml").open("a", encoding="utf-8") as settings:
        settings.write(SOURCE.format(file=file))


@pytest.mark.parametrize(("case", "language"), list(zip(sorted(REFUSED_WHOLE), cycle(["zh", "en"]), strict=False)))
def test_a_file_that_cannot_be_read_is_refused_whole(another_shop, zhiyin_says, case, language):
    write, named = REFUSED_WHOLE[case]
    with_kiosk(another_shop, write(another_shop))
    before = open_home(another_shop).lake.current()
    said = zhiyin_says("import", "-w", another_shop, "--lang", language)
    assert (said.code, said.out) == (4, "")
    assert named in said.err
    assert ("解决办法：" if language == "zh" else "Fix: ") in said.err
    assert "Traceback" not in said.err
    assert open_home(another_shop).lake.current() == before


def test_one_bad_source_keeps_the_good_ones_out_too(another_shop, zhiyin_says):
    with_kiosk(another_shop, text("")(another_shop))
    (another_shop / "库存.csv").write_text("商品编码,件数,盘点日期\nP001,3,2026-09-02\n", "utf-8")
    assert zhiyin_says("import", "-w", another_shop).code == 4
    with zhiyin.open(another_shop) as workspace:
        assert [one.known for one in workspace.import_("stock")] == [False]


def test_rows_that_cannot_be_taken_are_kept_with_their_reason(another_shop, zhiyin_says):
    rows = [
        "B1,M1000,P001,12.00,2026-09-01 10:00",
        "B2,M1000,P001,-5.00,2026年9月2日",  # a return
        "B3,M1000,P001,（3.00）,03/09/2026",
        "B4,M1000,P001,12.00,31.08.2026",
        "B5,M1000,P001,十二元整吧,2026-09-01",
        "B6,M1000,P001,€12,2026-09-01",
        "B7,1.93E+15,P001,12,2026-09-01",
        "B8,,P001,12,2026-09-01",
        "B9,M1000,P001,12,昨天",
        "１２３４５,M1000,P001,１２．５０,2026/9/4",
        "B11,M1000",
    ]
    with_kiosk(another_shop, text(HEADER + "\n".join(rows) + "\n")(another_shop))
    said = zhiyin_says("import", "kiosk", "-w", another_shop, "--json")
    assert said.code == 0, said.err
    (done,) = said.json()
    assert (done["read"], done["tables"]["order_line"], done["refused"]) == (11, 5, 6)
    assert set(done["reasons"]) == {"bad_money", "unknown_currency", "damaged_id", "no_customer", "bad_time", "ragged_row"}
    home = open_home(another_shop)
    with home.lake.open() as view:
        refused = view.frame(view.table("refused"))
        lines = view.frame(view.table("order_line").filter(view.table("order_line")["batch_id"] == done["batch_id"]))
    assert sorted(refused["source_row"]) == [6, 7, 8, 9, 10, 12]
    assert (
        home.vault.open_row(refused.set_index("source_row").loc[7, "sealed_id"])
        .decode()
        .startswith('{"order_id": "B6", "customer": "M1000"')
    )
    assert sorted(lines["amount"]) == [-500, -300, 1200, 1200, 1250]
    assert sorted(lines["ordered_on"].astype(str))[0] == "2026-08-31"
    home.close()


def damaged_pointer(folder: Path) -> None:
    path = folder / "lake" / "CURRENT.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"name": "g000001"}))


def flipped_byte(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def swapped_generations(folder: Path) -> None:
    one, two = folder / "lake" / "g000001.duckdb", folder / "lake" / "g000002.duckdb"
    one.rename(folder / "aside")
    two.rename(one)
    (folder / "aside").rename(two)


def another_key(folder: Path) -> None:
    (folder / "zhiyin.key").write_text("ab" * 32)


DAMAGE: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "no key": (lambda folder: (folder / "zhiyin.key").unlink(), 3, "There is no master key"),
    "another key": (another_key, 3, "written with another key"),
    "a key of half the length": (lambda folder: (folder / "zhiyin.key").write_text("70e1" * 8), 3, "must be 64 hex digits"),
    "a key that others can read": (lambda folder: (folder / "zhiyin.key").chmod(0o644), 3, "Others can read the key file"),
    "a flipped byte in the lake": (lambda folder: flipped_byte(folder / "lake" / "g000002.duckdb", 300_000), 4, "g000002"),
    "a cut lake": (lambda folder: os.truncate(folder / "lake" / "g000002.duckdb", 5000), 4, "g000002"),
    "a lake that is gone": (lambda folder: (folder / "lake" / "g000002.duckdb").unlink(), 4, "g000002"),
    "swapped generations": (swapped_generations, 4, "g000002"),
    "a pointer that was edited": (damaged_pointer, 4, "CURRENT.json"),
    "a damaged ledger": (lambda folder: flipped_byte(folder / "ledger.db", 10), 4, "ledger.db"),
    "a damaged vault": (lambda folder: flipped_byte(folder / "vault.db", 10), 4, "vault.db"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(DAMAGE))
def test_damage_is_told_in_a_sentence_and_no_key_is_shown(another_shop, zhiyin_says, case):
    damage, code, named = DAMAGE[case]
    key = (another_shop / "zhiyin.key").read_text().strip()
    damage(another_shop)
    for command in (["today"], ["run", "--as-of", "2026-09-28"]):
        said = zhiyin_says(*command, "-w", another_shop)
        assert (said.code, said.out) == (code, ""), command
        assert named in said.err
        assert "Traceback" not in said.err
        assert key[:16] not in said.err
        assert "ab" * 8 not in said.err


def test_left_overs_of_a_killed_run_are_told_and_removed(another_shop, zhiyin_says):
    left = another_shop / "lake" / "g000003.duckdb.part"
    left.write_bytes(b"half")
    (another_shop / "lake" / "spill-1-dead").mkdir()
    said = zhiyin_says("doctor", "-w", another_shop)
    assert said.code == 4
    assert "✗ Half-written files: g000003.duckdb.part, spill-1-dead" in said.out
    (another_shop / "库存.csv").write_text("商品编码,件数,盘点日期\nP001,3,2026-09-02\n", "utf-8")
    assert zhiyin_says("import", "stock", "-w", another_shop).code == 0
    assert not left.exists()
    assert zhiyin_says("doctor", "-w", another_shop).code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(another_shop, zhiyin_says):
    (another_shop / "lake").chmod(stat.S_IRUSR | stat.S_IXUSR)
    said = zhiyin_says("run", "-w", another_shop)
    (another_shop / "lake").chmod(stat.S_IRWXU)
    assert said.code == 4
    assert "A file cannot be written or read" in said.err


def test_a_report_that_cannot_be_written(shop, zhiyin_says):
    said = zhiyin_says("report", "--out", shop / "订单.csv" / "page.html", "-w", shop)
    assert said.code == 4
    assert "A file cannot be written or read. Got 订单.csv (" in said.err


def test_an_older_generation_is_kept_and_can_be_read(another_shop):
    home = open_home(another_shop)
    assert [snapshot.name for snapshot in home.lake.snapshots()] == ["g000001", "g000002"]
    home.lake.point_to("g000001")
    with home.lake.open() as view:
        assert view.has("order_line")
        assert not view.has("next_step")
    shutil.rmtree(another_shop)
