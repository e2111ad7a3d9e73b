from datetime import date

import pyarrow as pa

from unify.batches import defaults
from zhiyin.unify.people import attributes, consents, grouped, identifiers, link_keys, no_identifiers, records

ROWS = pa.table(
    {
        "record_id": ["r1", "r2", "r1"],
        "customer": ["C1", "C2", "C1"],
        "owner": [None, "li", "wang"],
        "team": pa.nulls(3, pa.string()),
        "on": [date(2026, 1, 3), None, date(2026, 1, 1)],
        "phone": ["138 1234 5678", "12345", "13812345678"],
        "email": ["A@b.cn", None, "a@B.cn"],
        "attribute.city": ["杭州", None, "上海"],
        "consent.sms": [True, None, False],
        "source_row": [2, 3, 4],
    }
)


def test_a_group_keeps_the_order_and_skips_what_is_empty():
    found = grouped(ROWS, "record_id", owner="first", source_row="max")
    assert found.to_pylist() == [{"record_id": "r1", "owner": "wang", "source_row": 4}, {"record_id": "r2", "owner": "li", "source_row": 3}]


def test_a_record_is_known_since_its_first_day():
    found = records(ROWS, defaults(), day="on").select(["record_id", "owner_id", "since_on", "source", "kind"]).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        ("r1", "wang", date(2026, 1, 1), "shop", "person"),
        ("r2", "li", None, "shop", "person"),
    ]
    assert records(ROWS, defaults(), day="").column("since_on").null_count == 2


def test_identifiers_stand_once_in_their_normal_form():
    found = identifiers(ROWS, defaults()).drop(["source_row"]).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        ("r1", "source_key", "C1", "C1"),
        ("r2", "source_key", "C2", "C2"),
        ("r1", "phone", "+8613812345678", "138 1234 5678"),
        ("r1", "email", "a@b.cn", "A@b.cn"),
    ]


def test_link_keys_are_digests_of_what_links_and_of_what_is_compared():
    asked: list[tuple[str, str]] = []
    found = link_keys(identifiers(ROWS, defaults()), ROWS, digest=lambda kind, value: asked.append((kind, value)) or f"#{len(asked)}")
    assert found.select(["record_id", "kind", "digest"]).to_pylist() == [
        {"record_id": "r1", "kind": "phone", "digest": "#1"},
        {"record_id": "r1", "kind": "email", "digest": "#2"},
        {"record_id": "r1", "kind": "near_phone", "digest": "#3"},
    ]
    assert asked == [("phone", "+8613812345678"), ("email", "a@b.cn"), ("near_phone", "138****5678")]


def test_attributes_and_consents():
    assert attributes(ROWS).to_pylist() == [{"record_id": "r1", "value": "上海", "source_row": 4, "name": "city"}]
    assert [(row["channel"], row["allowed"]) for row in consents(ROWS, defaults(), day="on").to_pylist()] == [("sms", True), ("sms", False)]
    assert attributes(ROWS.select(["record_id"])) is None
    assert consents(ROWS.select(["record_id", "source_row"]), defaults(), day="") is None


def test_kinds_without_people_have_no_identifiers():
    assert no_identifiers().column_names == ["record_id", "column", "value", "original"]
