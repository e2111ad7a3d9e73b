from __future__ import annotations

from zhiyin.sandbox.texts.habits import DIALECTS
from zhiyin.sandbox.texts.personas import PERSONAS, PLACES, VOICES, why


def test_every_persona_has_a_voice() -> None:
    assert tuple(VOICES) == PERSONAS == ("price", "function", "hesitant", "angry", "busy", "elderly", "warm", "plain")
    assert all(set(voice.openers) == set(voice.endings) == {"ask", "say", "sour", "glad"} for voice in VOICES.values())


def test_a_wish_has_its_reason() -> None:
    assert "太吵了" in why("静音")
    assert "天天复制粘贴" in why("批量导入")
    assert why("蓝色") == ()


def test_towns_have_a_dialect_that_exists() -> None:
    assert set(PLACES.values()) == set(DIALECTS)
