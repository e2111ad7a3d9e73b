import json
import re
import subprocess
import sys

import pytest

from zhiyin.act.goals import ACTIONS
from zhiyin.act.words import BLOCKED, CHANCES, FACTS, OPENINGS, fill_opening, opening_for, read_reasons, read_slots, slots_of

SAYINGS = [(action, stage, say) for action, by_stage in OPENINGS.items() for stage, says in by_stage.items() for say in says]


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
    assert opening_for("replenish", "active", known={}, turn=0) == ("", "")
    assert opening_for("", "active", known={}, turn=0) == ("", "")


def test_an_opening_is_filled_when_it_is_read() -> None:
    assert fill_opening("{name}您好，{product}该补了。", {"name": "王小明", "product": "鲜牛奶"}) == "王小明您好，鲜牛奶该补了。"
    assert fill_opening("Hello {name}, more {product}?", {"product": "milk"}) == "Hello, more milk?"
    assert fill_opening("{name}您好，{product}该补了。", {"name": None, "product": "{name}"}) == "您好，{name}该补了。"
    assert fill_opening("", {"name": "王小明"}) == ""


def test_reasons_are_read_back_filled() -> None:
    cell = json.dumps({"sentences": [{"zh": "{days} 天前", "en": "{days} days ago", "slots": {"days": "9"}}], "slots": {"product": "茶"}})
    assert read_reasons(cell) == [("9 天前", "9 days ago")]
    assert read_slots(cell) == {"product": "茶"}
    assert read_reasons("") == [] and read_slots("") == {}


def test_reading_a_list_needs_no_heavy_library() -> None:
    code = "import sys; sys.path[:0] = [p for p in ['src'] if p]; import zhiyin.act.words; sys.exit(int('pandas' in sys.modules or 'numpy' in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
