"""Which sources a folder holds: what its sources.toml says, else what its files look like."""

from __future__ import annotations

import pytest

from zhiyin.app.exports import exports_of
from zhiyin.app.home import create_home, open_home
from zhiyin.core.errors import DataError, SettingsError

HEADER = "订单编号,会员号,商品编码,实付金额,付款时间\n"
ROW = "D1,1001,P1,12.50,2026-03-01 10:00\n"


@pytest.fixture
def home(tmp_path):
    create_home(tmp_path / "shop")
    return open_home(tmp_path / "shop")


@pytest.fixture
def folder(tmp_path):
    """A folder beside the workspace."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def write(folder, **files):
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")


def told(exports):
    return {source.name: source.file.rpartition("/")[2] for source in exports.sources}


def left(exports):
    return {one.file: one.why.en for one in exports.left}


def test_exports_of_two_months_are_one_source(home, folder):
    write(
        folder, **{"订单_2026-03__csv": HEADER + ROW, "订单_2026-04__csv": HEADER + ROW, "客户__csv": "会员号,手机号\n1001,13812345678\n"}
    )
    found = exports_of(home, folder)
    assert told(found) == {"订单": "订单_*.csv", "客户": "客户.csv"}
    assert {source.name: source.kind for source in found.sources} == {"订单": "orders", "客户": "customers"}
    assert {source.file.rpartition("/")[0] for source in found.sources} == {folder.resolve().as_posix()}
    assert (dict(found.settings), found.left) == ({}, ())


def test_a_pattern_takes_no_other_file_in(home, folder):
    other = HEADER.replace("实付金额", "金额")
    write(folder, 订单_2026__csv=HEADER + ROW, 订单_2027__csv=HEADER + ROW, 订单_旧__csv=other + ROW)
    assert told(exports_of(home, folder)) == {"订单": "订单_[0-9]*.csv", "订单_旧": "订单_旧.csv"}
    write(folder, 订单_2028__csv=other + ROW)
    assert told(exports_of(home, folder)) == {name: f"{name}.csv" for name in ("订单_2026", "订单_2027", "订单_2028", "订单_旧")}


def test_files_of_one_name_are_two_sources(home, folder):
    write(folder, 订单__csv=HEADER + ROW, 订单__tsv=(HEADER + ROW).replace(",", "\t"))
    assert told(exports_of(home, folder)) == {"订单.csv": "订单.csv", "订单.tsv": "订单.tsv"}


def test_what_is_left_alone_is_said_with_what_to_do(home, folder):
    (folder / "truth").mkdir()
    write(folder / "truth", person__csv=HEADER + ROW)
    write(
        folder,
        订单__csv=HEADER + ROW,
        chat__mbox="From x",
        谜__csv="手机,订单编号,备注\n13812345678,E1,x\n",
        空__csv="",
        _DS__txt="x",
        **{"__git": "x"},
    )
    found = exports_of(home, folder)
    assert list(told(found)) == ["订单"]
    assert left(found) == {
        "_DS.txt": left(found)["_DS.txt"],
        "chat.mbox": "No reader opens it; it was not read.",
        "空.csv": "The file is empty. Got 空.csv. Fix: Export at least one row.",
        "谜.csv": f"Read as customers, these fields are unsure: customer id (customer). `zhiyin import {folder}/谜.csv --suggest` proposes "
        "a [[source]]; correct it and put it into zhiyin.toml.",
    }
    assert "当作 customers 来看，这些字段拿不准：客户号（customer）。" in next(one.why.zh for one in found.left if one.file == "谜.csv")
    assert left(found)["_DS.txt"].startswith("Read as orders, no column fits the customer id (customer), order id (order_id), time of the")


def test_a_column_that_one_month_leaves_empty_is_proven_by_another(home, folder):
    named = HEADER.replace("商品编码", "商品名称")
    write(folder, 订单3__csv=named + "D1,1,,5,2026-03-01\n")
    with pytest.raises(DataError, match=r"these fields are unsure: product name \(product\)"):
        exports_of(home, folder)
    write(folder, 订单4__csv=named + "D2,1,茶,5,2026-04-01\n")
    assert told(exports_of(home, folder)) == {"订单": "订单*.csv"}


@pytest.mark.parametrize(("name", "text"), [("谜__csv", "a,b\n1,2\n"), ("chat__mbox", "x")])
def test_a_folder_without_anything_to_load_is_an_error(home, folder, name, text):
    with pytest.raises(DataError, match=r"no file that can be loaded as it is\. Got out\. Fix: Put the exports into it"):
        exports_of(home, folder)
    write(folder, **{name: text})
    with pytest.raises(DataError, match=r"Got out\. Fix: Look at them one by one\. " + name.replace("__", ".")):
        exports_of(home, folder)


def test_a_file_that_zhiyin_toml_names_stays_as_it_says(tmp_path):
    text = '[[source]]\nname = "mine"\nfile = "订单.csv"\ncolumns = { customer = "会员号" }\n[[source]]\nname = "broken"\n'
    create_home(tmp_path / "ws", template=text)
    write(tmp_path / "ws", 订单__csv=HEADER + ROW, 客户__csv="会员号,手机号\n1001,13812345678\n")
    found = exports_of(open_home(tmp_path / "ws"), tmp_path / "ws")
    assert told(found) == {"mine": "订单.csv", "客户": "客户.csv"}  # inside the workspace: relative, and its own files are no exports
    assert (found.sources[1].file, found.left) == ("客户.csv", ())


def test_sources_toml_says_what_the_files_are(home, folder):
    (folder / "more").mkdir()
    write(folder / "more", a1__csv=HEADER + ROW)
    write(
        folder,
        notes__pdf="x",
        订单__csv=HEADER + ROW,
        sources__toml='as_of = 2026-11-02\ncurrency = "USD"\n[[source]]\nname = "a"\nfile = "more/a*.csv"\n',
    )
    found = exports_of(home, folder)
    assert [(source.name, source.file) for source in found.sources] == [("a", f"{folder.resolve()}/more/a*.csv")]
    assert found.settings == {"as_of": "2026-11-02", "currency": "USD"}
    assert left(found) == dict.fromkeys(["notes.pdf", "订单.csv"], "sources.toml does not name it.")


def test_a_folder_whose_name_looks_like_a_pattern(home, tmp_path):
    folder = tmp_path / "out [1]"
    folder.mkdir()
    write(folder, 订单1__csv=HEADER + ROW, 订单2__csv=HEADER + ROW)
    (source,) = exports_of(home, folder).sources
    assert source.file == f"{tmp_path.resolve()}/out [[]1]/订单*.csv"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("goal = 1", r"A setting has an impossible value\. Got goal\..*correct sources\.toml, see"),
        ("color = 1", r"There is no such setting\. Got color\. Fix: Those that exist: as_of, goal, timezone, currency, source\."),
        ("=", r"sources\.toml is not valid TOML"),
        ('goal = "service"', r"sources\.toml names no source\. Got out/sources\.toml\."),
        ('[[source]]\nname = "a"\nfile = "../a.csv"', r"may only name files of its own folder\. Got source\.a\.file = \.\./a\.csv"),
        ('[[source]]\nname = "a"\nfile = "/a.csv"', r"may only name files of its own folder"),
        ('[[source]]\nname = "a"\nfile = "gone.csv"', r"There is no such file\. Got gone\.csv"),
        ('[[source]]\nname = "a"\nfile = "a.csv"\ncolumns = { hat = "x" }', r"has no such field\. Got source\.a\.columns\.hat"),
        ('[[source]]\nname = "a"\nconnector = "fax"', r"There is no such connector"),
        ('[[source]]\nname = "a"\n', r"This source names no file"),
    ],
)  # fmt: skip
def test_a_sources_toml_that_cannot_be(home, folder, text, message):
    write(folder, sources__toml=text)
    with pytest.raises((SettingsError, DataError), match=message) as wrong:
        exports_of(home, folder)
    assert wrong.value.in_("zh") != wrong.value.in_("en")


def test_a_sources_toml_of_another_encoding(home, folder):
    (folder / "sources.toml").write_bytes('goal = "复购"'.encode("gb18030"))
    with pytest.raises(SettingsError, match=r"sources\.toml is not UTF-8"):
        exports_of(home, folder)
