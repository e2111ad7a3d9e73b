import pandas as pd

from zhiyin.recommend.local import sold_here


def test_what_is_not_sold_where_a_customer_is_leaves_the_list_and_ranks_close_up():
    lists = pd.DataFrame(
        [("x", "tea", "new", 1), ("x", "rice", "new", 2), ("x", "oil", "new", 3), ("y", "tea", "new", 1), ("z", "tea", "repeat", 1)],
        columns=["customer_id", "product_id", "kind", "rank"],
    )
    sold_in = pd.DataFrame([("tea", "上海市"), ("oil", "浙江省"), ("oil", "江苏省")], columns=["product_id", "place"])
    homes = pd.DataFrame([("x", "杭州市"), ("x", "浙江省"), ("z", "上海市")], columns=["customer_id", "place"])
    found = sold_here(lists, sold_in, homes=homes).sort_values(["customer_id", "rank"])
    told = [("x", "rice", 1), ("x", "oil", 2), ("y", "tea", 1), ("z", "tea", 1)]  # nobody knows where y is
    assert list(zip(found["customer_id"], found["product_id"], found["rank"], strict=True)) == told
