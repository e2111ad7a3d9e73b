"""An invented company from its exports to the list of a rep, and the list against the truth that nobody read."""

from __future__ import annotations

import csv
import re
import shutil

import pytest

from zhiyin.app.recipes.sandbox import Plan, invent

CHINESE = re.compile(r"[\u4e00-\u9fff]")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The exports, and the truth moved away from them: no import may need it."""
    out = tmp_path_factory.mktemp("sandbox") / "OUT"
    invent(out, Plan(300, 120), progress=lambda stage, done: None)
    shutil.move(out / "truth", out.parent / "truth")
    return out


@pytest.mark.timeout(600)
def test_from_a_sandbox_to_the_list_of_a_rep_that_the_truth_scores(company, tmp_path, zhiyin_says):
    workspace = tmp_path / "company"
    assert zhiyin_says("init", "-w", workspace).code == 0
    first = zhiyin_says("import", company, "-w", workspace, "--json")
    assert first.code == 0, first.err
    ran = zhiyin_says("run", "-w", workspace, "--json")
    assert ran.code == 0, ran.err
    assert ran.json()["at"] == "2026-11-02"

    with (company / "CRM_客户.csv").open(encoding="utf-8-sig", newline="") as file:
        reps = sorted({row["负责人"] for row in csv.DictReader(file)})
    for rep in reps:
        mine = zhiyin_says("today", "--rep", rep, "-w", workspace, "--json").json()
        assert len(mine) > 4
        assert {row["at_on"] for row in mine} == {"2026-11-02"}
        for row in mine:
            assert row["reasons_zh"]
            assert all(CHINESE.search(reason) for reason in row["reasons_zh"])
            assert row["opening_zh"].startswith("您好")

    scored = zhiyin_says("score", "--truth", company.parent / "truth", "-w", workspace, "--json")
    assert scored.code == 0, scored.err
    told = {(row["subject"], row["measure"]): row for row in scored.json()["rows"]}
    assert told["identity", "pair_precision"]["value"] >= 0.95
    for measure in ("orders_equal", "customers_equal", "revenue_cny_equal"):
        assert told["kpi", measure]["value"] == told["kpi", measure]["n"] == 20
    assert scored.json()["differences"] == []


def test_a_changed_truth_is_not_scored_against(company, tmp_path, zhiyin_says):
    workspace, truth = tmp_path / "company", tmp_path / "truth"
    assert zhiyin_says("init", "-w", workspace).code == 0
    shutil.copytree(company.parent / "truth", truth)
    (truth / "person.csv").write_text((truth / "person.csv").read_text("utf-8").replace("plain", "angry", 1), "utf-8")
    for language, sentence in (("zh", "真相文件被改动过"), ("en", "was changed")):
        said = zhiyin_says("score", "--truth", truth, "-w", workspace, "--lang", language)
        assert said.code != 0
        assert sentence in said.err
        assert "person.csv" in said.err


def test_the_smallest_company_is_run_and_scored_as_well(tmp_path, zhiyin_says):
    out, workspace = tmp_path / "OUT", tmp_path / "company"
    for words in (
        ("sandbox", "--customers", "1", "--days", "1", out),
        ("init", "-w", workspace),
        ("import", out, "-w", workspace),
        ("run", "-w", workspace),
        ("today", "-w", workspace),
        ("score", "--truth", out / "truth", "-w", workspace),
    ):
        said = zhiyin_says(*words)
        assert said.code == 0, said.err
