from zhiyin.collect.tracking.ids import content, message_id


def test_an_event_has_its_own_id():
    assert message_id("segment", {"messageId": "m1"}) == "m1"
    assert message_id("segment", {"messageId": 7}) == "7"
    assert message_id("cloudevents", {"id": "1", "source": "/till"}) == "/till#1"


def test_without_an_id_the_content_makes_one():
    event = {"event": "Product Viewed", "userId": "u1", "properties": {"a": 1, "b": 2}}
    other = {"userId": "u1", "properties": {"b": 2, "a": 1}, "event": "Product Viewed", "sentAt": "now", "writeKey": "secret"}
    assert message_id("segment", event) == message_id("segment", other)
    assert message_id("segment", event) != message_id("segment", event | {"userId": "u2"})
    assert message_id("segment", event | {"messageId": True}).startswith("h")
    assert message_id("segment", event, said=content("segment", event)) == message_id("segment", event)


def test_an_event_of_sensors_is_what_it_says():
    event = {"type": "track", "distinct_id": "a", "event": "x", "time": 1, "properties": {"p": 1}}
    again = event | {"_flush_time": 5, "lib": {"$lib": "js"}}
    assert message_id("sensors", event) == message_id("sensors", again)
    assert content("sensors", event) == content("sensors", again)
    for name, value in {"distinct_id": "b", "event": "y", "time": 2, "properties": {}, "_track_id": 9}.items():
        assert message_id("sensors", event) != message_id("sensors", event | {name: value})


def test_the_secret_of_the_sender_is_no_content():
    assert b"secret" not in content("segment", {"writeKey": "secret", "event": "x"})
