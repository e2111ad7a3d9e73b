"""`zhiyin sandbox` as people type it."""

from __future__ import annotations

import pytest

OUT = ("sandbox", "--customers", "20", "--days", "10")


@pytest.mark.parametrize(("language", "sentence"), [("zh", "虚构"), ("en", "no import reads the folder truth")])
def test_it_says_what_it_wrote_and_what_to_do_next(tmp_path, zhiyin_says, language, sentence):
    said = zhiyin_says(*OUT, tmp_path / "OUT", "--lang", language)
    assert said.code == 0, said.err
    assert "CRM_客户.csv" in said.out
    assert sentence in " ".join(said.out.split())
    assert "zhiyin import" in said.out


def test_it_answers_in_json(tmp_path, zhiyin_says):
    told = zhiyin_says(*OUT, "--seed", "9", "--scenario", "saas", tmp_path / "OUT", "--json").json()
    assert (told["customers"], told["days"], told["seed"], told["scenario"]) == (20, 10, 9, "saas")
    assert told["rows"]["天气.csv"] == 260


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (
            ("--customers", "0"),
            "这样的公司造不出来",
            "Such a company cannot be made. Got --customers 0. Fix: Give --customers a number from 1 to 5000000.",
        ),
        (("--days", "0"), "--days 写 1 到 2400 之间的数", "Give --days a number from 1 to 2400."),
        (("--scenario", "bakery"), "没有这个场景。", "Use one of appliances, saas, restaurant, finance."),
    ],
)
def test_what_cannot_be_made_is_refused_in_both_languages(tmp_path, zhiyin_says, words, zh, en):
    for language, sentence in (("zh", zh), ("en", en)):
        said = zhiyin_says("sandbox", *words, tmp_path / "OUT", "--lang", language)
        assert said.code != 0
        assert sentence in " ".join(said.err.split())
        assert "Traceback" not in said.err
    assert not (tmp_path / "OUT").exists()


def test_a_folder_that_is_not_empty_is_refused(tmp_path, zhiyin_says):
    (tmp_path / "a.txt").write_text("x")
    for language, sentence in (("zh", "这个文件夹不是空的。"), ("en", "This folder is not empty.")):
        said = zhiyin_says(*OUT, tmp_path, "--lang", language)
        assert (said.code != 0, sentence in said.err) == (True, True)
