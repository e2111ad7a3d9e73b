import json

from sandbox.lived import exported, rows_of


def test_every_event_is_one_object_of_a_member():
    files = exported("saas")
    events = [json.loads(line) for name in sorted(files) if name.startswith("埋点_") for line in files[name].decode().splitlines()]
    members = {row["会员编号"] for row in rows_of(files["小程序商城_会员.csv"])}
    assert {event["distinct_id"] for event in events} <= members
    assert len({event["event_id"] for event in events}) == len(events)
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    assert {event["event"] for event in events} >= {"Product Viewed", "Products Searched", "Product Added", "Order Completed", "Signed In"}
    assert all(event["properties"]["product_id"] for event in events if event["event"] != "Signed In")
