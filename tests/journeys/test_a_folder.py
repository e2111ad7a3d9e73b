"""`zhiyin init && zhiyin import OUT`: a folder of exports that says what it is becomes today's list, with nothing typed in between."""

from __future__ import annotations

import tomllib

import pytest

from journeys.shop import DAY, Size, settings_text, write_shop
from zhiyin.app.home import open_home

pytestmark = pytest.mark.slow  # a run of its own


def test_from_a_folder_to_todays_list(tmp_path, zhiyin_says):
    out, workspace = tmp_path / "OUT", tmp_path / "shop"
    (out / "truth").mkdir(parents=True)
    write_shop(out, Size(customers=60))
    blocks = settings_text()
    (out / "sources.toml").write_text(f'as_of = "{DAY}"\n\n' + blocks[blocks.index("[[source]]") :], "utf-8")
    (out / "truth" / "person.csv").write_text("person_id,effect\n1,0.2\n", "utf-8")
    (out / "聊天记录.mbox").write_text("From x\n", "utf-8")

    assert zhiyin_says("init", "-w", workspace).code == 0
    first = zhiyin_says("import", out, "-w", workspace, "--lang", "zh")
    assert first.code == 0, first.err
    names = [source["name"] for source in tomllib.loads((out / "sources.toml").read_text("utf-8"))["source"]]
    assert f"已写进 zhiyin.toml 的来源：{', '.join(names)}。" in first.out.replace("\n", " ")
    assert first.out.rstrip().endswith("聊天记录.mbox：sources.toml 没有提到它。")
    assert "truth" not in first.out + (workspace / "zhiyin.toml").read_text("utf-8")

    settings = (workspace / "zhiyin.toml").read_bytes()
    again = zhiyin_says("import", out, "-w", workspace, "--json").json()
    assert ({one["known"] for one in again["sources"]}, again["adopted"]) == ({True}, [])
    assert (workspace / "zhiyin.toml").read_bytes() == settings
    assert zhiyin_says("import", "-w", workspace, "--json").json() == again["sources"]

    ran = zhiyin_says("run", "-w", workspace, "--json")
    assert ran.code == 0, ran.err
    assert ran.json()["at"] == DAY.isoformat()
    assert ran.json()["notes"][0]["zh"].startswith(f"这份名单是 {DAY} 的，因为 zhiyin.toml 里的 as_of 这样写")
    today = zhiyin_says("today", "-w", workspace, "--json").json()
    assert today and {row["at_on"] for row in today} == {DAY.isoformat()}
    assert {source.name for source in open_home(workspace).settings.source} == set(names)
