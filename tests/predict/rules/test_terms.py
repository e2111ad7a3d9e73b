from predict.rules.speech import COLUMNS, words


def test_a_term_is_found_by_its_name_in_either_language():
    known = words()
    assert known.find("spend").kind == "money"
    assert known.find("消费额") is known.find("spend") is known.find("消费")
    assert known.find("first_order_on").kind == "day"
    assert known.find("days_since_order").kind == "days"
    assert known.find("discount_share_84d").kind == "share"
    assert known.find("city").name == "attribute.city"
    assert known.find("属性.行业").name == "attribute.行业"
    assert known.find("attribute.") is None
    assert known.find("customer_id") is None


def test_what_the_purpose_hides_is_no_term_but_is_known_to_be_hidden():
    known = words({**COLUMNS, "profile": ("customer_id", "spend")})
    assert known.find("tier") is None
    assert "tier" in known.hidden
    assert known.find("city") is None  # attributes are a column of the profile
    assert "city" in known.hidden


def test_a_slip_of_the_keyboard_is_near_the_right_name():
    assert words().near("spnd")[0] == "spend"
    assert "消费额" in words().near("消费饿")
    assert words().near("xyz") == []
