import pytest

from zhiyin.collect.tracking.names import PRESETS, SPECIFIED, our_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Completed Order", "Order Completed"), ("Viewed Product", "Product Viewed"), ("Order Canceled", "Order Cancelled"),
        ("add_to_cart", "Product Added"), ("purchase", "Order Completed"), ("orderCompleted", "Order Completed"),
        ("ORDER COMPLETED ", "Order Completed"), ("$pageview", "Page Viewed"), ("$whatever", "$whatever"), ("payOrder", "payOrder"),
        ("领取优惠券", "领取优惠券"), ("***", "***"),
    ],
)  # fmt: skip
def test_an_event_has_one_name(written: str, name: str):
    assert our_name(written) == name


def test_every_name_of_ours_stays_itself():
    assert [our_name(name) for name in SPECIFIED] == list(SPECIFIED)
    assert set(PRESETS.values()) <= set(SPECIFIED)
