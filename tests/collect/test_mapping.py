import tomllib
from pathlib import Path

import pytest

from zhiyin.collect.formats import open_file
from zhiyin.collect.mapping import columns_of, declared, suggest
from zhiyin.core.errors import MissingColumns, SettingsError
from zhiyin.core.settings import SourceSettings

TEXT = "客户编号,姓名,手机,订单编号,商品名称,实付金额,下单日期,城市,内部备注\nC1,王小明,13812345678,E1,苹果,39.90,25/11/2026,杭州,老客户\n"


def _file(folder: Path, text: str = TEXT, name: str = "订单 2026.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="gb18030")
    return path


def _source(**more: object) -> SourceSettings:
    return SourceSettings(name="shop", **more)  # type: ignore[arg-type]


def test_the_text_can_be_pasted_into_the_settings(tmp_path):
    proposal = suggest(_file(tmp_path), name='店 "一"')
    (pasted,) = tomllib.loads(proposal.toml)["source"]
    source = SourceSettings(**pasted)
    assert (source.name, source.file, source.kind, source.dates) == ('店 "一"', "订单 2026.csv", "orders", "dmy")
    assert source.columns == proposal.columns
    assert source.columns["attribute.city"] == "城市"
    assert declared(source) == proposal.columns


def test_the_preview_tells_nobody_who_it_is(tmp_path):
    proposal = suggest(_file(tmp_path))
    (row,) = proposal.preview
    assert (row["姓名"], row["手机"], row["客户编号"], row["城市"]) == ("王**", "1*********8", "C*", "杭*")
    assert row["商品名称"] == "苹果"
    assert "内部备注" not in row
    assert "王小明" not in str(proposal.answer())


def test_what_is_missing_unsure_or_dropped_is_said(tmp_path):
    proposal = suggest(_file(tmp_path, "手机,订单编号,备注\n13812345678,E1,x\n"), kind="orders")
    assert proposal.missing == ("ordered_at",)
    assert proposal.unmapped == ("备注",)
    said = [note.en for note in proposal.notes]
    assert said == [
        "No column fits the time of the order (ordered_at); please name it.",
        "Please check these fields: customer.",
        "These columns will not be imported: 备注.",
    ]


def test_a_mapped_column_that_is_absent_lists_those_that_exist(tmp_path):
    source = _source(columns={"customer": "会员号", "order_id": "订单编号", "ordered_at": "下单日期"})
    with pytest.raises(MissingColumns, match=r"lacks columns\. Got 会员号\. Fix: .*the file has: 客户编号, 姓名"):
        columns_of(source, open_file(_file(tmp_path)))


def test_a_field_that_every_row_needs_must_be_mapped(tmp_path):
    with pytest.raises(MissingColumns, match=r"Got ordered_at\."):
        columns_of(_source(columns={"customer": "客户编号", "order_id": "订单编号"}), open_file(_file(tmp_path)))


def test_without_a_declared_mapping_the_proposed_one_is_used(tmp_path):
    assert columns_of(_source(), open_file(_file(tmp_path)))["amount"] == "实付金额"


def test_a_field_or_kind_that_does_not_exist_lists_those_that_do():
    with pytest.raises(
        SettingsError, match=r"no such field\. Got source\.shop\.columns\.colour\. Fix: Those that exist: customer, .*attribute\.\*"
    ):
        declared(_source(columns={"colour": "x"}))
    with pytest.raises(SettingsError, match=r"exist: product_id, .*description, attribute\.\*\."):  # nobody consents for goods
        declared(_source(kind="products", columns={"consent.sms": "x"}))
    assert declared(_source(kind="products", columns={"attribute.colour": "x"})) == {"attribute.colour": "x"}
    with pytest.raises(SettingsError, match=r"no such kind of file\. Got order\. Fix: Use one of orders, customers"):
        declared(_source(kind="order"))


@pytest.mark.parametrize("name", ["online_retail_ii", "complete_journey"])
def test_the_shared_data_are_understood(name):
    folder = Path(__file__).parents[2] / ".." / "shared" / "data" / name
    if not folder.is_dir():
        pytest.skip("the shared data are not here")
    file = "transactions.parquet" if name == "complete_journey" else next(folder.glob("*.parquet")).name
    proposal = suggest(folder / file)
    assert (proposal.kind, proposal.missing) == ("orders", ())
    assert proposal.columns["customer"] in ("customer_id", "household_id")
