"""A folder of exports comes into zhiyin.toml whole or not at all, once, and takes nothing from its owner."""

from __future__ import annotations

import stat
import tomllib

import pytest

import zhiyin
from zhiyin.app.home import create_home, open_home
from zhiyin.core.errors import DataError, SettingsError

COLUMNS = 'columns = { customer = "c", order_id = "o", product_id = "p", amount = "a", ordered_at = "t" }\n'
SOURCES = f"""\
as_of = "2026-05-04"
currency = "USD"

[[source]]
name = "till"
file = "orders-*.csv"
{COLUMNS}
[[source]]
name = "cards"
system = "till"
kind = "customers"
file = "cards.csv"
columns = {{ customer = "c", owner = "w" }}
"""


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    (folder / "truth").mkdir(parents=True)
    (folder / "sources.toml").write_text(SOURCES, "utf-8")
    (folder / "orders-1.csv").write_text("c,o,p,a,t\nM1,D1,P1,12.50,2026-05-01\n")
    (folder / "orders-2.csv").write_text("c,o,p,a,t\nM2,D2,P1,9,2026-05-02\n")
    (folder / "cards.csv").write_text("c,w\nM1,wang\n")
    (folder / "truth" / "person.csv").write_text("person_id\n1\n")
    (folder / "聊天.mbox").write_text("From x")
    return folder


@pytest.fixture
def shop(tmp_path):
    create_home(tmp_path / "shop")
    return tmp_path / "shop"


def text_of(shop):
    return (shop / "zhiyin.toml").read_text("utf-8")


def test_a_folder_is_adopted_and_loaded(shop, out):
    before = text_of(shop)
    with zhiyin.open(shop) as workspace:
        done = workspace.import_(out)
        settings = workspace._home.settings
    assert {one.source: one.read for one in done} == {"till": 2, "cards": 1}
    assert (str(settings.as_of), settings.currency, settings.goal) == ("2026-05-04", "USD", "repurchase")
    assert [source.file for source in settings.source] == [f"{out.resolve()}/orders-*.csv", f"{out.resolve()}/cards.csv"]
    assert all(line in text_of(shop) for line in before.splitlines() if line.startswith("#"))
    assert 'currency = "USD"\nas_of = "2026-05-04"\n' in text_of(shop)
    assert stat.S_IMODE((shop / "zhiyin.toml").stat().st_mode) == 0o644
    answer = done.answer()
    assert (answer["folder"], answer["adopted"], answer["notes"]) == ("out", ["till", "cards"], [])
    assert answer["left"] == [{"file": "聊天.mbox", "zh": "sources.toml 没有提到它。", "en": "sources.toml does not name it."}]
    assert [one["source"] for one in answer["sources"]] == [one.source for one in done]


def test_doing_it_twice_adds_nothing(shop, out):
    with zhiyin.open(shop) as workspace:
        workspace.import_(str(out))
        once = (shop / "zhiyin.toml").stat().st_ino, text_of(shop)
        again = workspace.import_(out)
    assert ((shop / "zhiyin.toml").stat().st_ino, text_of(shop)) == once
    assert ([one.known for one in again], again.adopted.new) == ([True, True], ())


def test_a_folder_inside_the_workspace_is_named_from_there(shop, out):
    inside = out.rename(shop / "out")
    with zhiyin.open(shop) as workspace:
        workspace.import_(inside)
    assert [source["file"] for source in tomllib.loads(text_of(shop))["source"]] == ["out/orders-*.csv", "out/cards.csv"]
    moved = shop.rename(shop.parent / "moved")
    with zhiyin.open(moved) as workspace:
        assert [one.known for one in workspace.import_()] == [True, True]


def test_what_the_owner_has_set_stays_and_the_money_of_the_folder_too(tmp_path, out):
    create_home(tmp_path / "own", template='as_of = "2026-06-01"\ncurrency = "EUR" # ours\n')
    with zhiyin.open(tmp_path / "own") as workspace:
        done = workspace.import_(out)
        assert workspace.import_(out).adopted.new == ()
        settings = workspace._home.settings
        with workspace._home.lake.open() as view:
            assert set(view.frame(view.table("order_line"))["currency"]) == {"USD"}
    assert (str(settings.as_of), settings.currency) == ("2026-06-01", "EUR")
    assert [note.en for note in done.adopted.notes] == [
        "as_of of zhiyin.toml stays 2026-06-01; the folder says 2026-05-04.", "currency of zhiyin.toml stays EUR; the folder says USD.",
    ]  # fmt: skip
    assert done.adopted.notes[0].zh == "zhiyin.toml 里的 as_of 是 2026-06-01，保留不变；文件夹里说的是 2026-05-04。"


def test_an_argument_of_the_door_still_holds_after_the_settings_were_read_again(shop, out):
    with zhiyin.open(shop, currency="EUR") as workspace:
        workspace.import_(out)
        assert (workspace._home.settings.currency, str(workspace._home.settings.as_of)) == ("EUR", "2026-05-04")
        assert {source.currency for source in workspace._home.settings.source} == {"USD"}


def test_one_name_for_two_things_is_an_error_and_nothing_is_written(tmp_path, out):
    create_home(tmp_path / "own", template='[[source]]\nname = "cards"\nfile = "cards.csv"\n')
    before = text_of(tmp_path / "own")
    with zhiyin.open(tmp_path / "own") as workspace, pytest.raises(SettingsError) as wrong:
        workspace.import_(out)
    assert str(wrong.value).startswith("zhiyin.toml has a source of this name that says something else. Got cards. Fix: Give the new one")
    assert "给新的换个名字" in wrong.value.in_("zh")
    assert text_of(tmp_path / "own") == before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"cards"', '"till"', "Two .* have the same name"),
        ('"USD"', '"QQQ"', "This currency is not known"),
        ('"cards.csv"', '"gone.csv"', "There is no such file"),
    ],
)
def test_a_folder_that_cannot_be_loaded_leaves_zhiyin_toml_as_it_was(shop, out, old, new, message):
    (out / "sources.toml").write_text(SOURCES.replace(old, new), "utf-8")
    before = text_of(shop)
    with zhiyin.open(shop) as workspace, pytest.raises((SettingsError, DataError), match=message):
        workspace.import_(out)
    assert text_of(shop) == before
    assert open_home(shop).lake.current() is None


def test_a_full_disk_leaves_zhiyin_toml_as_it_was(shop, out, monkeypatch):
    before = text_of(shop)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with zhiyin.open(shop) as workspace, monkeypatch.context() as patch:
        patch.setattr("zhiyin.core.files.os.fsync", full)
        with pytest.raises(DataError, match="The disk is full"):
            workspace.import_(out)
    assert (text_of(shop), sorted(path.name for path in shop.glob("*.part"))) == (before, [])


def test_without_sources_toml_ids_are_said_to_be_of_each_file(shop, out):
    (out / "sources.toml").unlink()
    (out / "cards.csv").write_text("会员号,手机号\nM1,13812345678\n", "utf-8")
    for number in (1, 2):
        (out / f"orders-{number}.csv").write_text(f"会员号,订单编号,商品编码,实付金额,付款时间\nM1,D{number},P1,5,2026-05-01\n", "utf-8")
    with zhiyin.open(shop) as workspace:
        done = workspace.import_(out)
        assert {one.source: one.read for one in done} == {"cards": 1, "orders": 2}
        assert [note.en[:45] for note in done.adopted.notes] == ["Customer ids of each source are taken as its "]
        assert [one.file for one in done.adopted.left] == ["聊天.mbox"]
        again = workspace.import_(out)
    assert (again.adopted.new, again.adopted.notes) == ((), ())


def test_a_name_goes_before_a_folder_and_an_unknown_one_is_an_error(shop, out, monkeypatch):
    monkeypatch.chdir(out.parent)
    with zhiyin.open(shop) as workspace:
        workspace.import_("out")
        (out.parent / "till").mkdir()
        assert [one.source for one in workspace.import_("till")] == ["till"]
        for unknown in ("nobody", "out/cards.csv"):
            with pytest.raises(SettingsError, match=rf"zhiyin\.toml has no such source\. Got {unknown}\. Fix: Known: till, cards\."):
                workspace.import_(unknown)
        assert workspace.import_().answer() == [vars(one) for one in workspace.import_()]
