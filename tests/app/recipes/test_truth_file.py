"""Is the folder of truth whole? Whatever was changed, lost or made by another version is refused."""

from __future__ import annotations

import json
import math
from datetime import date

import pandas as pd
import pytest

from app.recipes.truths import members, shop_truth, write_truth
from zhiyin.app.recipes.truth_file import open_truth
from zhiyin.core.errors import DataError, NotFound


def test_what_was_written_is_read(tmp_path):
    truth = open_truth(shop_truth(tmp_path / "truth", {0: {"left_on": "2026-10-01", "spend_365d_cny": "12.50", "effect": -0.25}}))
    assert (truth.scenario, truth.seed, truth.ends_on, truth.future_days) == ("appliances", 7, date(2026, 9, 27), 28)
    assert (truth.rows["person.csv"], truth.rows["record.csv"], truth.rows["fraud.csv"]) == (132, len(members()), 0)
    first, second = truth.frame("person.csv").head(2).to_dict("records")
    assert (first["left_on"], first["spend_365d_cny"], first["effect"]) == (pd.Timestamp("2026-10-01"), 12.5, -0.25)
    assert second["left_on"] is pd.NaT
    assert math.isnan(second["spend_365d_cny"])
    assert truth.frame("record.csv")["native_id"].iloc[0] == "M1000"


def test_a_changed_file_is_detected_by_name(tmp_path):
    folder = write_truth(tmp_path / "truth", {"fraud.csv": [["shop", "D1", 1, "card", "2026-09-01"]]})
    text = (folder / "fraud.csv").read_text("utf-8")
    (folder / "fraud.csv").write_text(text.replace("card", "cash"), "utf-8")
    with pytest.raises(DataError, match=r"A file of the truth was changed.*Got fraud\.csv\. Fix: Make the sandbox anew") as refused:
        open_truth(folder)
    assert "真相文件被改动过" in refused.value.in_("zh")
    assert "重新生成这个沙盒" in refused.value.in_("zh")


def test_a_missing_file_is_named(tmp_path):
    folder = write_truth(tmp_path / "truth", {})
    (folder / "kpi.csv").unlink()
    with pytest.raises(NotFound, match=r"A file of the truth is missing\. Got kpi\.csv"):
        open_truth(folder)


def _manifest(folder, **changed):
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, **changed}), "utf-8")
    return manifest["files"]


def test_a_file_that_the_manifest_does_not_know_is_missed(tmp_path):
    folder = write_truth(tmp_path / "truth", {})
    files = _manifest(folder)
    _manifest(folder, files={name: entry for name, entry in files.items() if name != "person.csv"})
    with pytest.raises(NotFound, match=r"A file of the truth is missing\. Got person\.csv"):
        open_truth(folder)


def test_a_manifest_that_is_none_is_refused(tmp_path):
    folder = write_truth(tmp_path / "truth", {})
    _manifest(folder, format=2)
    with pytest.raises(DataError, match=r"unknown format; known is 1\. Got format 2"):
        open_truth(folder)
    _manifest(folder, format=1, files={"../person.csv": {"sha256": "", "rows": 0}})
    with pytest.raises(DataError, match=r"The manifest\.json of the truth cannot be read"):
        open_truth(folder)
    for text in ("", "[]", '{"format": 1}', '{"format": 1, "files": {}}', '{"format": 1, "files": {"a.csv": 3}}'):
        (folder / "manifest.json").write_text(text)
        with pytest.raises(DataError, match=r"The manifest\.json of the truth cannot be read"):
            open_truth(folder)


def test_where_there_is_no_truth_the_folder_is_asked_for(tmp_path):
    with pytest.raises(NotFound, match=r"There is no truth of a sandbox here.*--truth OUT/truth"):
        open_truth(tmp_path / "nowhere")


def test_columns_and_values_that_are_not_those_of_the_format_are_refused(tmp_path):
    rows = {"record.csv": [("shop", "M1000", "nobody")]}
    with pytest.raises(DataError, match=r"holds a value that cannot be read\. Got record\.csv"):
        open_truth(write_truth(tmp_path / "a", rows)).frame("record.csv")
    folder = write_truth(tmp_path / "b", {})
    (folder / "bought.csv").write_text("person_id\n", "utf-8")
    import hashlib

    files = _manifest(folder)
    files["bought.csv"]["sha256"] = hashlib.sha256(b"person_id\n").hexdigest()
    _manifest(folder, files=files)
    with pytest.raises(DataError, match=r"A file of the truth lacks columns\. Got bought\.csv: product_id"):
        open_truth(folder).frame("bought.csv")
