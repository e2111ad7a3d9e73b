import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.unify.regions import regions, whereabouts


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("浙江", ["浙江省"]),
        ("浙江省；上海 , 深圳", ["浙江省", "上海市", "深圳市"]),
        ('["CA", "NV"]', ["CA", "NV"]),
        ("杭州|杭州市", ["杭州市"]),
    ],
)
def test_a_cell_lists_places_by_their_full_names(cell, found):
    assert json.loads(regions(cell)) == found


@pytest.mark.parametrize(("cell", "found"), [("全国", "[]"), ("All", "[]"), ("浙江、不限", "[]"), ("、", None), ("[]", None)])
def test_who_says_everywhere_lifts_what_was_said_before_and_who_says_nothing_does_not(cell, found):
    assert regions(cell) == found


def test_who_is_in_a_city_is_in_its_province():
    assert whereabouts(["杭州"]) == {"杭州市", "浙江省"}
    assert whereabouts(["上海"]) == {"上海市"}
    assert whereabouts(["江苏", "Springfield", " "]) == {"江苏省", "Springfield"}


@given(st.lists(st.sampled_from(["浙江", "杭州", "上海市", "广东省", "CA", "Texas"]), min_size=1))
def test_where_something_is_sold_its_people_are(places):
    assert set(json.loads(regions("、".join(places)))) <= whereabouts(places)
