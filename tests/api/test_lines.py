"""Can a whole file be sent, packed or not, and is every line accounted for?"""

import gzip
import json

import pytest


def file_of(count, *, broken=()):
    rows = [{"type": "track", "userId": "u", "event": "E", "messageId": str(number)} for number in range(count)]
    for number in broken:
        rows[number] = {"type": "track", "messageId": str(number)}
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def in_pieces(text, size):
    return (text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize("ending", [b"", b"\n\n  \n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("size", [977, 100_000])
def test_every_line_is_counted(client, counts, pack, size, ending):
    text = file_of(2600, broken=[7, 1999]).rstrip(b"\n") + ending
    answer = client.post("/v1/lines", content=in_pieces(pack(text), size))
    assert answer.json() == {"success": True, "received": 2600, "stored": 2598, "duplicate": 0, "refused": 2}
    again = client.post("/v1/lines?strict=1", content=in_pieces(pack(text), size)).json()
    assert (again["success"], again["duplicate"]) == (False, 2598)
    assert [(row["line"], row["reason"]) for row in again["results"]] == [(8, "no_user_anon_id"), (2000, "no_user_anon_id")]
    assert counts() == (5200, 2598, 2598, 4)


def test_gzip_of_several_parts_is_read_to_its_end(client):
    first, second = file_of(3), b'{"type": "track", "userId": "u", "event": "E", "messageId": "x"}\n'
    answer = client.post("/v1/lines", content=gzip.compress(first) + gzip.compress(second))
    assert answer.json()["stored"] == 4


def test_protocols_may_be_mixed_and_a_broken_line_stands_alone(client):
    rows = [
        json.dumps({"type": "track", "userId": "u", "event": "E"}).encode(),
        b'{"type":"track","distinct_id":"d","event":"E","time":1}',
        b'{"specversion":"1.0","id":"1","source":"/s","type":"t"}',
        b"not json",
        "中文".encode("gbk"),
        b"",
        b"[1]",
    ]
    answer = client.post("/v1/lines?strict=1", content=b"\r\n".join(rows)).json()
    assert (answer["stored"], answer["refused"]) == (3, 3)
    assert [(row["line"], row["reason"]) for row in answer["results"]] == [(4, "not_json"), (5, "not_json"), (7, "not_an_object")]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (gzip.compress(b"{}\n" * 1000)[:-5], 400, "damaged or cut off"),
        (b"\x1f\x8b" + b"x" * 100, 400, "damaged or cut off"),
        (b"x" * 1_500_000, 413, "A line is too long"),
        (gzip.compress(b"0" * 30_000_000), 413, "A line is too long"),
    ],
    ids=["cut off", "no gzip", "one long line", "one long line, packed"],
)
def test_what_cannot_be_read_is_told(client, body, status, words):
    answer = client.post("/v1/lines", content=body)
    assert (answer.status_code, words in answer.json()["error"]["en"]) == (status, True)


def test_a_long_file_waits_for_the_disk_instead_of_being_turned_away(client, home, counts):
    assert home.settings.serve.queue == 20_000
    answer = client.post("/v1/lines", content=in_pieces(file_of(30_000), 65_536))
    assert answer.json()["stored"] == 30_000
    assert counts() == (30_000, 30_000, 0, 0)


def test_nothing_is_nothing(client):
    assert client.post("/v1/lines", content=b"").json()["received"] == 0
    assert client.post("/v1/lines", content=b"x").json()["refused"] == 1
