"""A new connector and a new model are one file and one line each; without the line of a built-in the journey ends with a sentence."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

import zhiyin
from journeys.newcomer import HalfModel
from journeys.shop import DAY, opened, phone_of
from zhiyin.collect.connectors import CONNECTORS
from zhiyin.core.errors import NotFound, SettingsError
from zhiyin.learn.checks import checks_for
from zhiyin.learn.registry import MODELS, model_class

TILL = '[[source]]\nname = "till"\nconnector = "till"\nfile = "till.txt"\n'


@pytest.fixture(scope="module")
def from_the_till(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Loaded by a new connector, listed with a new model in the place of the rates: two lines, no other change."""
    folder = opened(tmp_path_factory.mktemp("till") / "shop", "[contact]\nholdout_share = 0.0\n" + TILL)
    days = [(member, date(2026, 1, 1) + timedelta(days=16 * n + member)) for member in range(6) for n in range(11 - member)]
    lines = [f"{day} {1001 + member} {phone_of(member)} P{member % 3} 188.00\n" for member, day in days]
    (folder / "till.txt").write_text("".join(lines), "utf-8")
    new_lines = patch.dict(CONNECTORS, till="journeys.newcomer:rows"), patch.dict(MODELS, rate="journeys.newcomer:HalfModel")
    with new_lines[0], new_lines[1], zhiyin.open(folder) as workspace:
        (loaded,) = workspace.import_()
        assert (loaded.read, loaded.tables["order_line"]) == (51, 51)
        workspace.run("2026-06-20")
    return folder


@pytest.mark.slow
def test_a_new_connector_and_a_new_model_lead_to_a_list(from_the_till):
    with zhiyin.open(from_the_till) as workspace:
        today, page, models = workspace.today(), workspace.explain("1001"), workspace.models()
    assert len(today) == 6
    assert page["order_lines"] == 11
    assert {record["source_row"] for record in page["records"]} == {1}
    said = {row["question"]: row for row in page["predictions"] if row["unit"] == "probability"}
    assert set(said) == {model["question"] for model in models if model["name"] == "rate"} >= {"purchase", "churn"}
    assert {question: row["value"] for question, row in said.items() if not 0.25 <= row["value"] <= 0.75} == {}
    assert all(
        row["reasons"] == {"base": None, "parts": [], "topics": [], "total": None, "said": []} for row in said.values()
    )  # it cannot say why


def test_the_new_model_is_held_to_the_contract(monkeypatch):
    monkeypatch.setitem(MODELS, "half", "journeys.newcomer:HalfModel")
    checks = {check.name for check in checks_for(HalfModel)}
    assert len(checks) > 20
    assert len(checks_for(model_class("rate"))) - len(checks) <= 4  # those about reasons


def test_without_the_line_of_the_new_connector_its_source_is_not_read(tmp_path):
    folder = opened(tmp_path / "shop", TILL)
    with zhiyin.open(folder) as workspace, pytest.raises(SettingsError, match=r"There is no such connector\. Got till\."):
        workspace.import_()


@patch.dict(CONNECTORS)  # put back as it was, in its order
def test_without_the_line_of_the_files_nothing_is_read(another_shop):
    (another_shop / "库存.csv").write_text("商品编码,件数,盘点日期\nP001,3,2026-09-02\n", "utf-8")
    del CONNECTORS["files"]
    with zhiyin.open(another_shop) as workspace, pytest.raises(SettingsError, match=r"There is no such connector\. Got files\."):
        workspace.import_("stock")


@pytest.mark.slow
@patch.dict(MODELS)
def test_without_the_line_of_logistic_no_list_is_made(another_shop):
    del MODELS["logistic"]
    with zhiyin.open(another_shop) as workspace:
        before = workspace.today()
        with pytest.raises(NotFound, match=r"No model is registered under this name\. Got logistic\."):
            workspace.run(DAY, refit=True)
        assert workspace.today() == before
