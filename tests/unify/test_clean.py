import json
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify.batches import Unread, batch, defaults, facts, orders
from zhiyin.core.errors import DataError, SettingsError
from zhiyin.core.fields import KINDS
from zhiyin.core.tables import TABLES
from zhiyin.unify.clean import FIRST_WINS, KIND_ORDER


def _refused(found) -> list[tuple[int, str, str]]:
    return [(row["source_row"], row["code"], row["field"]) for row in found.refused.to_pylist()]


def test_an_order_line_becomes_all_it_says():
    found = facts(
        "orders",
        batch(
            customer=["C1"],
            order_id=["E1"],
            product_id=["P1"],
            product=["红富士苹果"],
            category=["水果"],
            quantity=["2"],
            price=["￥19.95"],
            discount=["-1.00"],
            ordered_at=["2026年11月1日 06:30"],
            store=["杭州店"],
            phone=["138 1234 5678"],
            name=["李雷"],
            attribute__city=["杭州"],
            consent__sms=["是"],
            owner=["wang"],
            team=["east"],
        ),
    )
    assert found.rows == 1
    assert found.refused.num_rows == 0
    assert {name: table.to_pylist()[0] for name, table in found.tables.items()} == {
        "record": {
            "record_id": "r-C1", "source": "shop", "kind": "person", "owner_id": "wang", "team_id": "east", "since_on": date(2026, 11, 1),
            "batch_id": "b1", "source_row": 2,
        },
        "link_key": {"record_id": "r-C1", "kind": "phone", "digest": "phone=+8613812345678", "batch_id": "b1", "source_row": 2},
        "attribute": {"record_id": "r-C1", "name": "city", "value": "杭州", "batch_id": "b1", "source_row": 2},
        "fill": {
            "record_id": "r-C1", "product_id": "", "column_name": "province", "method": "city", "value": "浙江省", "confidence": 0.98,
            "batch_id": "b1", "source_row": 2,
        },
        "consent": {
            "record_id": "r-C1", "channel": "sms", "allowed": True, "since_on": date(2026, 11, 1), "batch_id": "b1", "source_row": 2
        },
        "product": {
            "product_id": "P1", "source": "shop", "name": "红富士苹果", "category": "水果", "department": None, "brand": None, "price": None,
            "currency": None, "repeatable": None, "hidden": None, "sold_from": None, "sold_until": None, "regions": None, "margin": None,
            "successor_id": None, "attributes": None, "description": None, "batch_id": "b1", "source_row": 2,
        },
        "order_line": {
            "source": "shop", "line_id": "E1/P1/0", "record_id": "r-C1", "order_id": "E1", "product_id": "P1", "quantity": 2.0,
            "amount": 3990, "discount": 100, "coupon": None, "currency": "CNY", "store_id": "杭州店",
            "ordered_at": datetime(2026, 10, 31, 22, 30), "ordered_on": date(2026, 11, 1), "batch_id": "b1", "source_row": 2,  # noqa: DTZ001
        },
    }  # fmt: skip


def test_identifiers_stand_in_their_normal_form_beside_what_was_told():
    found = facts("orders", orders(phone=["138 1234 5678"], name=["李　雷 先生"], address=["杭州西湖区文三路1號"]))
    assert found.identifiers.to_pylist() == [
        {"record_id": "r-C1", "column": "source_key", "value": "C1", "original": "C1"},
        {"record_id": "r-C1", "column": "name", "value": "李　雷 先生", "original": "李　雷 先生"},
        {"record_id": "r-C1", "column": "name_normal", "value": "李雷", "original": "李　雷 先生"},
        {"record_id": "r-C1", "column": "phone", "value": "+8613812345678", "original": "138 1234 5678"},
        {"record_id": "r-C1", "column": "address", "value": "杭州西湖区文三路1號", "original": "杭州西湖区文三路1號"},
        {"record_id": "r-C1", "column": "address_normal", "value": "浙江省杭州市西湖区文三路1号", "original": "杭州西湖区文三路1號"},
    ]


def test_every_table_has_the_columns_and_types_of_the_vocabulary():
    types = {
        "string": "string",
        "int64": "int64",
        "float64": "double",
        "boolean": "bool",
        "date": "date32[day]",
        "timestamp": "timestamp[us]",
    }
    for name, table in facts(
        "orders", orders(product=["苹果"], attribute__city=["杭州"], consent__sms=["否"], email=["a@b.cn"])
    ).tables.items():
        assert {field.name: str(field.type) for field in table.schema} == {
            column: types[kind] for column, kind in TABLES[name].types.items()
        }


@pytest.mark.parametrize(
    ("columns", "refused"),
    [
        ({"customer": [None, "NULL"]}, ("no_customer", "customer")),
        ({"customer": ["1.93E+15"]}, ("damaged_id", "customer")),
        ({"order_id": ["1.93E+15"]}, ("damaged_id", "order_id")),
        ({"product_id": ["1.93E+15"]}, ("damaged_id", "product_id")),
        ({"order_id": [""]}, ("missing", "order_id")),
        ({"ordered_at": [""]}, ("missing", "ordered_at")),
        ({"ordered_at": ["下周"]}, ("bad_time", "ordered_at")),
        ({"ordered_at": ["03/04/2026"]}, ("ambiguous_date", "ordered_at")),
        ({"amount": ["免费"]}, ("bad_money", "amount")),
        ({"amount": [""]}, ("no_amount", "amount")),
        ({"amount": ["$5"]}, ("unknown_currency", "amount")),
        ({"currency": ["BTC"]}, ("unknown_currency", "currency")),
        ({"amount": [None], "price": ["9e12"], "quantity": ["9e12"]}, ("bad_money", "amount")),
        ({"quantity": ["许多"]}, ("bad_number", "quantity")),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(columns, refused):
    found = facts("orders", orders(**columns))
    assert set(_refused(found)) == {(row, *refused) for row in range(2, 2 + found.rows)}
    assert "order_line" not in found.tables
    row = found.refused.to_pylist()[0]
    assert row["reason_zh"].endswith("。") or "dates" in row["reason_zh"]
    assert row["reason_en"][0].isupper()


def test_the_first_problem_of_a_row_counts_and_the_others_stay():
    found = facts("orders", orders(customer=["C1", None, "C3"], amount=["1", "x", "3"]))
    assert _refused(found) == [(3, "no_customer", "customer")]
    assert json.loads(found.raw_refused[3]) == {"order_id": "E1", "product_id": "P1", "amount": "x", "ordered_at": "2026-11-01 10:00:00"}
    assert found.tables["order_line"]["record_id"].to_pylist() == ["r-C1", "r-C3"]


def test_rows_that_the_reader_could_not_split_are_refused_with_what_they_said():
    found = facts(
        "orders",
        batch(unread=[Unread(3, "ragged_row", b'["x"]')], customer=["C1"], order_id=["E1"], amount=["1"], ordered_at=["2026-01-01"]),
    )
    assert found.rows == 2
    assert _refused(found) == [(3, "ragged_row", "")]
    assert found.raw_refused == {3: b'["x"]'}


def test_the_amount_wins_over_the_price_and_returns_are_negative():
    lines = facts(
        "orders",
        orders(
            amount=["5.00", None, None, "7.00", "0", None],
            price=["9", "2.5", "2.5", "1", "0", "0.105"],
            quantity=["1", "3", "-3", "-1", "1", "3"],
        ),
    ).tables["order_line"]
    assert lines["amount"].to_pylist() == [500, 750, -750, -700, 0, 32]
    assert lines["quantity"].to_pylist() == [1.0, 3.0, -3.0, -1.0, 1.0, 3.0]


def test_a_price_without_pieces_is_one_piece_and_pieces_stay_unknown():
    rows = batch(customer=["C1"], order_id=["E1"], price=["2.50"], ordered_at=["2026-01-01"])
    (line,) = facts("orders", rows).tables["order_line"].to_pylist()
    assert (line["amount"], line["quantity"], line["product_id"], line["line_id"]) == (250, None, None, "E1//0")


def test_without_a_product_id_the_name_of_the_product_is_its_id():
    found = facts("orders", batch(customer=["C1"], order_id=["E1"], amount=["1"], product=["红富士"], ordered_at=["2026-01-01"]))
    assert found.tables["order_line"]["product_id"].to_pylist() == found.tables["product"]["product_id"].to_pylist() == ["红富士"]


def test_equal_lines_of_one_order_are_told_apart_over_the_batches_of_an_import():
    said = defaults()
    ids = [facts("orders", orders(amount=["1", "1"]), said).tables["order_line"]["line_id"].to_pylist() for _ in range(2)]
    assert ids == [["E1/P1/0", "E1/P1/1"], ["E1/P1/2", "E1/P1/3"]]
    assert facts("orders", orders(amount=["1"])).tables["order_line"]["line_id"].to_pylist() == ["E1/P1/0"]


def test_a_corrected_row_does_not_renumber_the_others():
    wrong = facts("orders", orders(amount=["x", "2"])).tables["order_line"]
    right = facts("orders", orders(amount=["1", "2"])).tables["order_line"]
    assert dict(zip(wrong["line_id"].to_pylist(), wrong["amount"].to_pylist(), strict=True)) == {"E1/P1/1": 200}
    assert right["line_id"].to_pylist() == ["E1/P1/0", "E1/P1/1"]


def test_the_same_line_id_twice_is_a_repetition_or_a_contradiction():
    found = facts("orders", orders(line_id=["L1", "L1", "L1", "L2"], amount=["1", "1", "2", "3"]))
    assert found.tables["order_line"]["line_id"].to_pylist() == ["L1", "L2"]
    assert found.repeated == 1
    assert _refused(found) == [(4, "repeated_id", "")]
    assert json.loads(found.raw_refused[4])["amount"] == "2"


def test_masked_contacts_link_nobody_and_what_a_phone_shows_is_compared():
    found = facts("orders", orders(phone=["138****5678"], email=["l***@b.cn"], name=["李**"]))
    assert [(row["kind"], row["digest"]) for row in found.tables["link_key"].to_pylist()] == [("near_phone", "near_phone=138****5678")]
    told = [(row["column"], row["value"]) for row in found.identifiers.to_pylist()]
    assert told == [("source_key", "C1"), ("name", "李**"), ("name_normal", "李*"), ("masked_phone", "138****5678")]


def test_what_identifies_nobody_links_nobody():
    found = facts("orders", orders(phone=["13800138000", "13911111111"], email=["test@b.cn", "a@b.cn"], customer=["C1", "C2"]))
    exact = [(row["kind"], row["digest"]) for row in found.tables["link_key"].to_pylist() if not row["kind"].startswith("near")]
    assert exact == [("email", "email=a@b.cn")]


def test_a_damaged_phone_does_not_cost_the_order():
    found = facts("orders", orders(phone=["1.38E+10"]))
    assert found.refused.num_rows == 0
    assert "link_key" not in found.tables


def test_an_identifier_is_told_once_an_import():
    said = defaults()
    first, second = (facts("orders", orders(phone=["13812345678", phone]), said) for phone in ("13812345678", "13912345678"))
    assert [row["value"] for row in first.identifiers.to_pylist()] == ["C1", "+8613812345678"]
    assert [row["value"] for row in second.identifiers.to_pylist()] == ["+8613912345678"]
    assert second.tables["link_key"]["digest"].to_pylist() == ["phone=+8613912345678", "near_phone=139****5678"]


def test_no_identifier_reaches_a_table():
    found = facts(
        "orders",
        orders(phone=["13812345678"], email=["li@b.cn"], name=["李雷"], address=["杭州市西湖区1号"], id_number=["11010519491231002X"]),
    )
    stored = " ".join(
        str(table.drop([name for name in ("digest",) if name in table.column_names]).to_pylist()) for table in found.tables.values()
    )
    for secret in ("13812345678", "li@b.cn", "李雷", "西湖", "11010519491231002X"):
        assert secret not in stored


def test_a_consent_in_a_list_of_customers_holds_since_the_import():
    rows = batch(customer=["C1", "C2"], since=["2024-01-01", None], consent__sms=["否", "是"], consent__email=["", "也许"])
    found = facts("customers", rows, defaults(imported_on=date(2026, 11, 21)))
    assert [(row["channel"], row["allowed"], row["since_on"]) for row in found.tables["consent"].to_pylist()] == [
        ("sms", False, date(2026, 11, 21)),
        ("sms", True, date(2026, 11, 21)),
    ]
    assert found.tables["record"]["since_on"].to_pylist() == [date(2024, 1, 1), None]
    unknown = facts("customers", rows).tables["consent"]["since_on"].to_pylist()
    assert unknown == [date(2024, 1, 1), date(1970, 1, 1)]


def test_on_one_day_a_refusal_outweighs_an_agreement():
    found = facts("orders", orders(consent__sms=["是", "否", "是"], ordered_at=["2026-11-01", "2026-11-01", "2026-11-02"]))
    assert [(row["allowed"], row["since_on"].day) for row in found.tables["consent"].to_pylist()] == [(False, 1), (True, 2)]


def test_what_was_said_last_about_a_person_counts_and_the_first_day():
    found = facts(
        "orders",
        orders(attribute__city=["杭州", None, "上海"], owner=["li", "wang", None], ordered_at=["2026-11-03", "2026-11-01", "2026-11-02"]),
    )
    assert found.tables["attribute"].to_pylist()[0]["value"] == "上海"
    (record,) = found.tables["record"].to_pylist()
    assert (record["owner_id"], record["since_on"]) == ("wang", date(2026, 11, 1))


def test_typed_columns_need_no_parsing():
    rows = batch(
        customer=pa.array([13085.0, None]), order_id=pa.array([1, 2]), amount=pa.array([19.99, 1.0]), quantity=pa.array([1, 1]),
        ordered_at=pa.array([datetime(2026, 11, 1, 10), None], pa.timestamp("ns")),  # noqa: DTZ001 - a column without a zone
    )  # fmt: skip
    found = facts("orders", rows)
    assert found.tables["order_line"]["order_id"].to_pylist() == ["1"]
    assert found.tables["record"]["record_id"].to_pylist() == ["r-13085"]
    assert _refused(found) == [(3, "no_customer", "customer")]


def test_other_kinds_become_their_tables():
    made = {
        "products": batch(product_id=["P1", "P1"], product=[None, "茶"], price=["12", None], repeatable=["是", None], hidden=["否", None]),
        "stock": batch(product_id=["P1", "P1"], pieces=["3", "5"], counted_at=["2026-11-01", "2026-11-01"]),
        "campaigns": batch(campaign=["K1"], title=["双十一"], kind=["折扣"], starts_at=["2026-11-01"], ends_at=["2026-11-11"]),
        "offers": batch(campaign=["K1", "K1"], offer=["O1", "O1"], product_id=["P1", "P1"]),
        "touches": batch(customer=["C1"], campaign=["K1"], channel=["sms"], touched_at=["2026-11-02"]),
        "outcomes": batch(customer=["C1", "C1"], campaign=["K1", "K1"], offer=["O1", None], outcome=[None, "成交"], amount=[None, "5"], happened_at=["2026-11-03", "2026-11-04"]),
        "events": batch(customer=["C1"], event=["Product Viewed"], product_id=["P1"], happened_at=["1795242600"]),
    }  # fmt: skip
    found = {kind: facts(kind, rows).tables for kind, rows in made.items()}
    assert {kind: sorted(tables) for kind, tables in found.items()} == {
        "products": ["product"], "stock": ["stock"], "campaigns": ["campaign"], "offers": ["offer"],
        "touches": ["record", "touch"], "outcomes": ["outcome", "record"], "events": ["event", "record"],
    }  # fmt: skip
    (product,) = found["products"]["product"].to_pylist()
    assert (product["name"], product["price"], product["currency"], product["repeatable"], product["hidden"]) == (
        "茶",
        1200,
        "CNY",
        True,
        False,
    )
    assert found["stock"]["stock"]["pieces"].to_pylist() == [5.0]
    assert found["offers"]["offer"].num_rows == 1
    assert found["campaigns"]["campaign"].to_pylist()[0]["ends_on"] == date(2026, 11, 11)
    assert (found["touches"]["touch"]["holdout"].to_pylist(), found["touches"]["touch"]["touched_on"].to_pylist()) == (
        [False],
        [date(2026, 11, 2)],
    )
    assert [(row["kind"], row["amount"]) for row in found["outcomes"]["outcome"].to_pylist()] == [("redeemed", None), ("bought", 500)]
    assert found["events"]["event"]["happened_on"].to_pylist() == [date(2026, 11, 21)]


def test_the_same_touch_is_the_same_fact_in_any_import():
    rows = batch(customer=["C1", "C1"], channel=["sms", "sms"], touched_at=["2026-11-02 10:00", "2026-11-02 10:00"])
    first, second = facts("touches", rows), facts("touches", rows, defaults(batch_id="b2"))
    assert first.repeated == 1
    assert first.tables["touch"]["touch_id"] == second.tables["touch"]["touch_id"]


def test_touches_tell_their_experiment():
    rows = batch(
        customer=["C1", "C2", "C3", "C4", "C5"], touched_at=["2026-11-02"] * 5, policy=["v1", "v1", None, "v1", "v1"],
        holdout=["对照组", "否", None, "perhaps", "0"], propensity=["0.05", "95%", None, "0.5", "1.5"],
    )  # fmt: skip
    found = facts("touches", rows)
    told = [(row["policy"], row["propensity"], row["holdout"]) for row in found.tables["touch"].to_pylist()]
    assert told == [("v1", 0.05, True), ("v1", 0.95, False), (None, None, False)]
    refused = {row["source_row"]: (row["code"], row["field"]) for row in found.refused.to_pylist()}
    assert refused == {5: ("bad_flag", "holdout"), 6: ("bad_probability", "propensity")}


def test_one_draw_is_a_contact_or_held_back_and_two_policies_draw_twice():
    def rows(**told: list[object]):
        return batch(customer=["C1", "C1"], touched_at=["2026-11-02"] * 2, **told)

    contradicted = facts("touches", rows(holdout=["1", "0"]))
    assert [row["code"] for row in contradicted.refused.to_pylist()] == ["repeated_id"]
    assert contradicted.tables["touch"]["holdout"].to_pylist() == [True]
    drawn = facts("touches", rows(holdout=["1", "0"], policy=["v1", "v2"])).tables["touch"]
    assert (drawn.num_rows, len(set(drawn["touch_id"].to_pylist()))) == (2, 2)


def test_a_column_that_a_source_adds_leaves_the_ids_of_its_touches():
    before = facts("touches", batch(customer=["C1"], touched_at=["2026-11-02"]))
    after = facts("touches", batch(customer=["C1"], touched_at=["2026-11-02"], holdout=["0"], policy=[None], propensity=["1"]))
    assert before.tables["touch"]["touch_id"] == after.tables["touch"]["touch_id"]
    assert before.tables["touch"]["touch_id"].to_pylist() == ["tii6q5javunxo"]


def test_the_zone_and_the_currency_of_a_source_must_exist():
    with pytest.raises(SettingsError, match="There is no such time zone"):
        facts("orders", orders(amount=["1"]), defaults(timezone="Mars/Olympus"))
    with pytest.raises(DataError, match="This currency is not known"):
        facts("orders", orders(amount=["1"]), defaults(currency="ABC"))


def test_an_empty_batch_has_no_facts():
    rows = orders(amount=["1"])
    found = facts("orders", type(rows)(rows.columns.slice(0, 0)))
    assert (found.rows, found.tables, found.refused.num_rows, found.identifiers.num_rows) == (0, {}, 0, 0)


def test_every_kind_has_its_place_and_first_wins_are_tables():
    assert set(KIND_ORDER) == set(KINDS)
    assert set(FIRST_WINS) <= TABLES.keys()


@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_no_fact(order):
    customers, days = (
        ["C1", "C2", "C1", "C3", "C2", "C1"],
        ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"],
    )
    amounts = ["1", "2", "x", "4", "5", "6"]
    found = facts(
        "orders",
        orders(
            customer=[customers[at] for at in order],
            ordered_at=[days[at] for at in order],
            amount=[amounts[at] for at in order],
            order_id=[f"E{at}" for at in order],
        ),
    )
    lines = {(row["line_id"], row["record_id"], row["amount"]) for row in found.tables["order_line"].to_pylist()}
    assert lines == {(f"E{at}/P1/0", f"r-{customers[at]}", int(amounts[at]) * 100) for at in range(6) if at != 2}
    assert {(row["record_id"], row["since_on"].day) for row in found.tables["record"].to_pylist()} == {
        ("r-C1", 1),
        ("r-C2", 2),
        ("r-C3", 4),
    }


def test_a_year_of_a_real_shop_is_counted_to_the_last_line():
    path = Path(__file__).parents[2] / ".." / "shared" / "data" / "online_retail_ii" / "transactions.parquet"
    if not path.is_file():
        pytest.skip("the shared data are not here")
    raw = pq.read_table(path).slice(0, 100_000)
    names = {"customer_id": "customer", "invoice": "order_id", "stock_code": "product_id", "invoice_date": "ordered_at"}
    names |= {"country": "attribute.country", "description": "product"}
    raw = raw.rename_columns([names.get(name, name) for name in raw.column_names])
    rows = type(orders(amount=["1"]))(raw.append_column("source_row", pa.array(range(1, raw.num_rows + 1), pa.int64())))
    found = facts("orders", rows, defaults(currency="GBP", timezone="Europe/London"))
    without = raw["customer"].null_count
    assert _refused(found)[0][1] == "no_customer"
    assert found.refused.num_rows == len(found.raw_refused) == without > 0
    assert found.tables["order_line"].num_rows == raw.num_rows - without
    assert len(found.tables["order_line"]["line_id"].unique()) == raw.num_rows - without


def test_a_transfer_hides_whose_account_the_other_one_is():
    found = facts(
        "transfers",
        batch(
            customer=["C1", "C1", "C2", "C2"],
            transfer_id=["Z1", "Z2", "Z3", None],
            direction=["转出", "转入", None, "Credit"],
            payee=["6222****1", "6222****2", None, "6222****1"],
            new_payee=["是", "否", None, None],
            amount=["1,200.50", "3", None, "7"],
            moved_at=["2026-11-01 02:30"] * 4,
        ),
    )
    rows = found.tables["transfer"].to_pylist()
    assert [(row["direction"], row["payee"], row["new_payee"], row["amount"]) for row in rows] == [
        ("out", "account=6222****1", True, 120_050),
        ("in", "account=6222****2", False, 300),
        ("in", "account=6222****1", None, 700),
    ]
    assert [row["transfer_id"] for row in rows][:2] == ["Z1", "Z2"]
    assert len(rows[2]["transfer_id"]) > 5  # made of what the row says
    assert (str(rows[0]["moved_at"]), str(rows[0]["moved_on"])) == ("2026-10-31 18:30:00", "2026-11-01")
    assert _refused(found) == [(4, "no_amount", "amount")]
