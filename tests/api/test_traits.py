"""Traits of a company's own: kept as attributes where zhiyin.toml declares them, dropped and counted where it does not."""

from zhiyin.app.heard import heard
from zhiyin.app.home import SETTINGS_FILE, open_home


def _attributes(home):
    told = heard(home, home.inbox.bodies(0), systems={"web": "shop"})
    rows = [row for _, facts in told.typed if "trait" in facts.tables for row in facts.tables["trait"].to_pylist()]
    return {row["name"]: row["value"] for row in rows}, dict(told.dropped)


def test_a_trait_is_kept_where_it_is_declared(client, home, tmp_path):
    sent = client.post("/v1/identify", json={"userId": "u1", "traits": {"city": "杭州", "level": "gold"}, "messageId": "m1"})
    assert sent.status_code == 200
    assert _attributes(home) == ({"city": "杭州"}, {("web", "traits.level"): 1})
    settings = tmp_path / SETTINGS_FILE
    settings.write_text(settings.read_text("utf-8") + '\n[serve]\ntraits = ["level"]\n', "utf-8")
    declared = open_home(tmp_path)
    try:
        assert _attributes(declared) == ({"city": "杭州", "level": "gold"}, {})
    finally:
        declared.close()
