"""Every command, in both languages and as JSON, on the invented shop."""

from __future__ import annotations

import re

import pytest

READS = {
    "today": ("today",),
    "customer": ("customer", "K5000"),
    "recommend": ("recommend", "K5000"),
    "explain": ("explain", "K5000"),
    "models": ("models",),
    "card": ("models", "show", "purchase"),
    "changes": ("explain", "K5000", "--changes"),
    "check": ("check",),
    "tables": ("tables",),
    "table": ("tables", "order_line"),
    "fields": ("tables", "orders", "--fields"),
    "audit": ("audit", "verify"),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", sorted(READS))
def test_a_command_answers_in_json_and_nothing_else(shop, zhiyin_says, name):
    said = zhiyin_says(*READS[name], "-w", shop, "--json")
    assert said.code == 0, said.err
    assert said.json()


@pytest.mark.parametrize("name", sorted(READS))
def test_a_command_speaks_the_language_asked_for(shop, zhiyin_says, name):
    chinese = zhiyin_says(*READS[name], "-w", shop, "--lang", "zh")
    assert chinese.code == 0, chinese.err
    assert CHINESE.search(chinese.out)
    english = zhiyin_says(*READS[name], "-w", shop, "--lang", "en")
    assert english.code == 0, english.err
    assert english.out != chinese.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("today", "--no-such-option"), 2),
        (("nothing",), 2),
        (("run", "--as-of", "yesterday"), 2),
        (("outcome", "K5000", "perhaps"), 2),
        (("today", "--as", "nobody"), 2),
        (("import", "no-such-source"), 3),
        (("customer", "K9999"), 4),
        (("models", "show", "nothing"), 4),
        (("models", "approve", "churn", "--as", "wang"), 5),
        (("models", "show", "value", "--tensorboard", "logs"), 2),
        (("customer", "K5000", "--as", "boss"), 5),
        (("recommend", "K9999"), 4),
        (("recommend", "K5000", "--as", "boss"), 5),
        (("run", "--as", "wang"), 5),
        (("report", "--as", "boss"), 5),
    ],
)
def test_what_goes_wrong_has_its_exit_code_and_a_sentence_in_both_languages(another_shop, zhiyin_says, words, code):
    for language in ("zh", "en"):
        said = zhiyin_says(*words, "-w", another_shop, "--lang", language)
        assert said.code == code, said.err
        assert "Traceback" not in said.err
        assert bool(CHINESE.search(said.err)) == (language == "zh"), said.err


def test_an_error_is_json_where_json_is_asked_for(another_shop, zhiyin_says):
    said = zhiyin_says("customer", "K9999", "-w", another_shop, "--json")
    assert said.code == 4
    assert set(said.error()) == {"error", "what", "got", "fix"}


def test_the_list_is_read_without_the_heavy_libraries(shop):
    import subprocess
    import sys

    code = (
        "import sys; from zhiyin.cli.door import answered; from zhiyin.cli.main import app; code = answered(app);"
        "print([name for name in ('ibis', 'pandas', 'sklearn', 'lightgbm', 'scipy') if name in sys.modules], code)"
    )
    for words in (["today"], ["customer", "K5000"], ["recommend", "K5000"], ["explain", "K5000"]):
        done = subprocess.run([sys.executable, "-c", code, *words, "-w", str(shop), "--json"], capture_output=True, text=True, check=True)
        assert done.stdout.strip().splitlines()[-1] == "[] 0", done.stdout[-300:]


def test_a_new_workspace_says_what_to_do_next(tmp_path, zhiyin_says):
    said = zhiyin_says("init", "-w", tmp_path / "new", "--lang", "en")
    assert said.code == 0
    assert "zhiyin import FILE --suggest" in said.out
    again = zhiyin_says("init", "-w", tmp_path / "new", "--lang", "en")
    assert again.code == 2
    assert "already is a workspace" in again.err


@pytest.mark.parametrize("words", [("today",), ("run",), ("report",), ("check",)])
def test_before_anything_was_imported_a_command_says_so(tmp_path, zhiyin_says, words):
    zhiyin_says("init", "-w", tmp_path)
    said = zhiyin_says(*words, "-w", tmp_path, "--lang", "en")
    assert said.code == 4
    assert "zhiyin import" in said.err


def test_where_there_is_no_workspace_init_is_named(tmp_path, zhiyin_says):
    said = zhiyin_says("today", "-w", tmp_path, "--lang", "en")
    assert said.code == 2
    assert "zhiyin init" in said.err


def test_help_names_every_command(zhiyin_says):
    said = zhiyin_says("--help")
    assert said.code == 0
    commands = [
        "init",
        "demo",
        "import",
        "run",
        "today",
        "customer",
        "recommend",
        "explain",
        "outcome",
        "report",
        "tables",
        "models",
        "audit",
    ]
    for name in [*commands, "check", "doctor", "score"]:
        assert name in said.out
