import pytest

from zhiyin.core.fields import IDENTIFIERS, KINDS, field_of


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_needs_something_and_says_it_in_two_languages(kind):
    fields = KINDS[kind].values()
    assert any(field.needed for field in fields)
    assert all(field.words.zh and field.words.en for field in fields)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_headers_are_lower_case_and_lead_to_one_field(kind):
    headers = [header for field in KINDS[kind].values() for header in field.headers]
    assert headers == [header.lower() for header in headers]
    assert sorted({header for header in headers if headers.count(header) > 1}) == []


def test_identifiers_of_the_vault_are_identifiers_of_the_files():
    named = {name for fields in KINDS.values() for name, field in fields.items() if field.type == "identifier"}
    assert named == set(IDENTIFIERS)


def test_attributes_are_open_for_people_and_goods_and_consents_for_people():
    assert field_of("orders", "attribute.city").words.en == "city"
    assert field_of("orders", "consent.sms").type == "flag"
    assert field_of("products", "attribute.colour").type == "text"
    assert field_of("products", "consent.sms") is None
    assert field_of("stock", "attribute.colour") is None
    assert field_of("orders", "nothing") is None
    assert field_of("orders", "order_id").needed
