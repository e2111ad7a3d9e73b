"""What people feed by mistake: each time a clear sentence and an exit code, nothing half loaded, the list of before still there."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
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
    chinese = zhiyin_says("today", "-w", another_shop, "--lang", "zh")
    assert (chinese.code, chinese.out) == (code, "")
    assert "解决办法：" in chinese.err
    assert not re.search("Fix: |Got ", chinese.err)
    as_json = zhiyin_says("today", "-w", another_shop, "--lang", "zh", "--json")
    assert (as_json.code, as_json.out) == (code, "")
    assert as_json.error()["fix"] in chinese.err


def test_a_doctor_with_another_key_does_not_say_that_the_data_are_damaged(another_shop, zhiyin_says):
    another_key(another_shop)
    said = zhiyin_says("doctor", "-w", another_shop, "--lang", "zh")
    assert said.code == 4
    (wrong,) = [line for line in said.out.splitlines() if line.startswith("✗")]
    assert wrong == "✗ 密钥与数据相符：ledger.db, vault.db, lake 使用写入时的密钥文件。"
    assert "备份" not in said.out


def model_folders(folder: Path) -> tuple[Path, Path]:
    return next((folder / "models").glob("purchase-*")), next((folder / "models").glob("churn-*"))


def cut_model(folder: Path) -> None:
    model, _ = model_folders(folder)
    for part in model.iterdir():
        os.truncate(part, part.stat().st_size // 2)


def swapped_models(folder: Path) -> None:
    model, other = model_folders(folder)
    shutil.rmtree(model)
    shutil.copytree(other, model)


def no_models(folder: Path) -> None:
    shutil.rmtree(folder / "models")


@pytest.mark.slow
@pytest.mark.parametrize("damage", [cut_model, swapped_models, no_models])
def test_a_damaged_model_harms_no_list_and_is_made_anew(another_shop, zhiyin_says, damage):
    before = zhiyin_says("today", "-w", another_shop).out
    damage(another_shop)
    assert zhiyin_says("today", "-w", another_shop).out == before
    said = zhiyin_says("run", "--as-of", "2026-09-29", "-w", another_shop)
    assert said.code == 0, said.err
    assert ("damaged; it was fitted anew" in said.out) == (damage is not no_models)
    assert zhiyin_says("today", "-w", another_shop).code == 0


LITTLE_ROOM = """
import resource, sys
from zhiyin.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
main()
"""


@pytest.mark.parametrize(("words", "language"), [(("import", "kiosk"), "zh"), (("run", "--as-of", "2026-09-29"), "en")])
def test_a_full_disk_stops_with_a_sentence_and_leaves_the_list(another_shop, zhiyin_says, words, language):
    rows = "".join(f"E{n},M{1000 + n % 120},P001,12.00,2026-09-01 10:00\n" for n in range(20_000))
    with_kiosk(another_shop, text(HEADER + rows)(another_shop))
    before = zhiyin_says("today", "-w", another_shop).out
    call = [sys.executable, "-c", LITTLE_ROOM, "300000", *words, "-w", str(another_shop), "--lang", language]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 4, done.stderr
    assert ("磁盘满了。" if language == "zh" else "The disk is full.") in done.stderr
    assert ("已发布的数据没有动" if language == "zh" else "what was published is untouched") in done.stderr
    assert "Traceback" not in done.stderr
    assert zhiyin_says("today", "-w", another_shop).out == before
    assert sorted(path.name for path in (another_shop / "lake").glob("*.duckdb*")) == ["g000001.duckdb", "g000002.duckdb"]


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh", "已停止；上一次发布的结果仍然完整。"), ("en", "Stopped; what was published last is still whole.")]
)
def test_an_import_that_is_stopped_takes_no_row(another_shop, zhiyin_says, monkeypatch, language, sentence):
    with_kiosk(another_shop, text(HEADER + GOOD)(another_shop))
    before = open_home(another_shop).lake.current()

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("zhiyin.app.intake._entry", stopped)  # after the rows were added, before they are published
        said = zhiyin_says("import", "kiosk", "-w", another_shop, "--lang", language)
    assert (said.code, said.out, said.err.strip().splitlines()[-1]) == (130, "", sentence)
    assert open_home(another_shop).lake.current() == before
    (done,) = zhiyin_says("import", "kiosk", "-w", another_shop, "--json").json()
    assert (done["known"], done["tables"]["order_line"]) == (False, 1)


def test_a_folder_and_a_folder_without_data_are_no_files(another_shop, zhiyin_says, tmp_path):
    said = zhiyin_says("import", another_shop, "--suggest", "-w", another_shop, "--lang", "zh")
    assert (said.code, said.err.strip()) == (
        4, '这是文件夹，不是文件。看到的是：shop。解决办法：写明其中的文件，例如 "订单.csv" 或 "订单*.csv"。',
    )  # fmt: skip
    (tmp_path / "empty").mkdir()
    said = zhiyin_says("import", tmp_path / "empty" / "gone.csv", "--suggest", "-w", another_shop, "--lang", "en")
    assert said.err.strip() == "There is no such file. Got gone.csv. Fix: Check the path; that folder has no data file."


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
