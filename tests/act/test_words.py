import json
import re
import subprocess
import sys

import pytest

from zhiyin.act.goals import ACTIONS
from zhiyin.act.words import (
    BLOCKED,
    CHANCES,
    FACTS,
    OPENINGS,
    UNNAMED,
    fill_opening,
    opening_for,
    read_about,
    read_reasons,
    read_slots,
    slots_of,
)  # fmt: skip

SAYINGS = [(action, stage, say) for action, by_stage in OPENINGS.items() for stage, says in by_stage.items() for say in says]
SAYINGS += [(action, "", say) for action, says in UNNAMED.items() for say in says]


def test_every_action_has_openings_and_a_list_does_not_repeat_itself() -> None:
    assert set(OPENINGS) == set(ACTIONS)
    assert len({say.zh for _, _, say in SAYINGS}) == len(SAYINGS) >= 40
    for action in ACTIONS:
        heard = {
            opening_for(action, "active", known=dict.fromkeys(("product", "campaign", "category", "days"), "x"), turn=turn).zh
            for turn in range(9)
        }
        assert len(heard) >= 3, action


@pytest.mark.parametrize(("action", "stage", "say"), SAYINGS)
def test_an_opening_can_be_read_aloud_in_both_languages(action: str, stage: str, say) -> None:
    assert slots_of(say.zh) == slots_of(say.en)
    assert slots_of(say.zh) <= {"name", "product", "category", "campaign", "days"}
    assert stage in ("", "lead", "new", "active", "quiet", "lost")
    assert say.zh.startswith("{name}您好，") and say.zh[-1] in "。？"
    assert say.en.startswith("Hello {name}, ") and say.en[-1] in ".?"
    assert not re.search(r"[a-z]", re.sub(r"\{\w+\}", "", say.zh))
    nameless = fill_opening(say.zh, {"product": "茶", "category": "茶", "campaign": "双十一", "days": "9"})
    assert nameless.startswith("您好") and "{" not in nameless


def test_facts_and_chances_have_the_same_slots_in_both_languages() -> None:
    for say in [*FACTS.values(), *CHANCES.values(), *BLOCKED.values()]:
        assert slots_of(say.zh) == slots_of(say.en)
        assert say.zh.endswith("。") and say.en.endswith(".")


def test_only_an_opening_whose_slots_are_known_is_chosen() -> None:
    assert all("product" not in slots_of(opening_for("invite", "new", known={"campaign": "c"}, turn=turn).zh) for turn in range(9))
    assert opening_for("raise", "active", known={}, turn=0) == ("", "")
    assert opening_for("", "active", known={}, turn=0) == ("", "")


def test_goods_and_campaigns_without_a_name_have_openings_that_name_none() -> None:
    for action in ("replenish", "offer_new", "invite"):
        for stage in ("new", "active", "quiet", "lost"):
            said = {opening_for(action, stage, known={"days": "9"}, turn=turn) for turn in range(9)}
            assert said == set(UNNAMED[action])
            assert all(slots_of(say.zh) == {"name"} for say in said)


def test_who_has_been_away_for_long_is_not_asked_whether_it_has_run_out() -> None:
    known = dict.fromkeys(("product", "campaign", "category", "days"), "x")
    for action in ("invite", "replenish", "offer_new", "return", "win_back"):
        said = {opening_for(action, "lost", known=known, turn=turn) for turn in range(9)}
        assert said == set(OPENINGS[action]["lost"])
        assert len(said) >= 2


def test_a_foreign_word_in_a_chinese_sentence_stands_in_quotation_marks() -> None:
    slots = {"name": "Li", "product": "LUNCH BAG", "category": "牛奶"}
    assert fill_opening("{name}您好，{product}和{category}还够用吗？", slots) == "Li您好，「LUNCH BAG」和牛奶还够用吗？"
    assert fill_opening("Hello {name}, more {product}?", slots) == "Hello Li, more LUNCH BAG?"


def test_one_day_is_no_days() -> None:
    assert fill_opening("Hello {name}, it has been {days} days.", {"days": "1"}) == "Hello, it has been 1 day."
    assert fill_opening("Hello {name}, it has been {days} days.", {"days": "21"}) == "Hello, it has been 21 days."


def test_an_opening_is_filled_when_it_is_read() -> None:
    assert fill_opening("{name}您好，{product}该补了。", {"name": "王小明", "product": "鲜牛奶"}) == "王小明您好，鲜牛奶该补了。"
    assert fill_opening("Hello {name}, more {product}?", {"product": "milk"}) == "Hello, more milk?"
    assert fill_opening("{name}您好，{product}该补了。", {"name": None, "product": "{name}"}) == "您好，「{name}」该补了。"
    assert fill_opening("", {"name": "王小明"}) == ""


def test_reasons_are_read_back_filled() -> None:
    cell = json.dumps({"sentences": [{"zh": "{days} 天前", "en": "{days} days ago", "slots": {"days": "9"}}], "slots": {"product": "茶"}})
    assert read_reasons(cell) == [("9 天前", "9 days ago")]
    assert read_slots(cell) == {"product": "茶"}
    assert read_about(cell) == ""
    assert read_about('{"about": "茶"}') == "茶"
    assert (read_reasons(""), read_slots(""), read_about("")) == ([], {}, "")


def test_reading_a_list_needs_no_heavy_library() -> None:
    code = "import sys; sys.path[:0] = [p for p in ['src'] if p]; import zhiyin.act.words; sys.exit(int('pandas' in sys.modules or 'numpy' in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
