"""What every command shares: who asks, in which language, and how an answer and an error look."""

from __future__ import annotations

import contextlib
import io
import json
import signal

import pytest
import typer
from rich.console import Console

from zhiyin.cli.door import Door, answered, command
from zhiyin.core.errors import Busy, PrivacyError, SettingsError, StoreError, UsageError
from zhiyin.core.words import Say

WHAT, FIX = Say("坏了。", "It broke."), Say("修好。", "Mend it.")


def door(language="en", *, as_json=False):
    out, err = Console(file=io.StringIO(), width=60), Console(file=io.StringIO(), width=60)
    return Door(None, language, None, as_json, console=out, errors=err)


def said(console):
    return console.file.getvalue()


def fails(problem):
    def run():
        raise problem

    return run


@pytest.mark.parametrize(("error", "code"), [(UsageError, 2), (SettingsError, 3), (StoreError, 4), (Busy, 4), (PrivacyError, 5)])
def test_each_kind_of_error_has_its_exit_code_and_its_sentence(monkeypatch, capsys, error, code):
    for language, sentence in (("zh", "坏了。看到的是：x1。解决办法：修好。"), ("en", "It broke. Got x1. Fix: Mend it.")):
        monkeypatch.setattr("sys.argv", ["zhiyin", "today", f"--lang={language}"])
        assert answered(fails(error(WHAT, got="x1", fix=FIX))) == code
        told = capsys.readouterr()
        assert (told.out, told.err.strip()) == ("", sentence)


def test_an_error_as_json_is_one_line_of_stderr(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["zhiyin", "today", "--json", "--lang", "zh"])
    assert answered(fails(StoreError(WHAT, got="x1", fix=FIX))) == 4
    assert json.loads(capsys.readouterr().err) == {"error": "StoreError", "what": "坏了。", "got": "x1", "fix": "修好。"}


@pytest.mark.parametrize("stopped", [KeyboardInterrupt(), RuntimeError("INTERRUPT Error: Interrupted!")])
def test_ctrl_c_is_told_in_a_sentence(monkeypatch, capsys, stopped):
    monkeypatch.setattr("sys.argv", ["zhiyin", "run", "--lang", "en"])
    assert answered(fails(stopped)) == 130
    assert capsys.readouterr().err.strip() == "Stopped; what was published last is still whole."


def test_a_defect_shows_its_place_and_nothing_of_the_data(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["zhiyin", "run", "--lang", "en"])
    assert answered(fails(ZeroDivisionError("13812345678"))) == 1
    told = capsys.readouterr().err
    assert "Got ZeroDivisionError" in told
    assert "13812345678" not in told


def test_what_was_asked_for_verbosely_is_shown_whole(monkeypatch):
    monkeypatch.setattr("sys.argv", ["zhiyin", "run", "-v"])
    with pytest.raises(ZeroDivisionError):
        answered(fails(ZeroDivisionError("x")))


def test_sentences_keep_out_of_the_way_of_json():
    plain, as_json = door("zh"), door("zh", as_json=True)
    for one in (plain, as_json):
        one.say(Say("你好。", "Hello."))
    assert (said(plain.console), said(plain.errors)) == ("你好。\n", "")
    assert (said(as_json.console), said(as_json.errors)) == ("", "你好。\n")


def test_an_answer_is_drawn_or_json(capsys):
    drawn = []
    door().show({"a": 1}, lambda: drawn.append("drawn"))
    assert drawn == ["drawn"]
    door(as_json=True).show({"a": "中", "day": DAY}, lambda: drawn.append("again"))
    assert drawn == ["drawn"]
    assert json.loads(capsys.readouterr().out) == {"a": "中", "day": "2026-11-21"}


DAY = __import__("datetime").date(2026, 11, 21)


@pytest.mark.parametrize(("language", "title", "column"), [("zh", "客户", "值"), ("en", "Customer", "Value")])
def test_a_table_speaks_one_language_and_shows_data_as_they_are(language, title, column):
    one = door(language)
    one.pairs("客户/Customer", {"name": "[bold]王[/x]", "nothing": None, "empty": "", "zero": 0})
    shown = said(one.console)
    assert title in shown
    assert column in shown
    assert "[bold]王[/x]" in shown
    assert "nothing" not in shown
    assert "empty" not in shown
    assert "zero" in shown


def test_progress_goes_to_stderr_and_leaves_nothing_where_nothing_was_done():
    one = door()
    with one.progress() as report:
        report(Say("预测", "Predict"), None)
        report(Say("预测", "Predict"), 1.0)
    assert "Predict" in said(one.errors)
    assert said(one.console) == ""
    idle = door()
    with idle.progress():
        pass
    assert said(idle.errors) == ""


def test_a_command_takes_the_options_that_all_commands_take(monkeypatch, tmp_path, capsys):
    app, seen = typer.Typer(), []

    @command(app, "look")
    def look(door: Door, name: str, often: int = 1) -> None:
        """Look."""
        seen.append((door.folder, door.language, door.actor, door.as_json, name, often))

    @command(app, "other")
    def other(door: Door) -> None:
        """Another one."""

    words = ["zhiyin", "look", "wang", "--often", "2", "-w", str(tmp_path), "--lang", "zh", "--as", "li", "--json"]
    monkeypatch.setattr("sys.argv", words)
    assert answered(app) == 0
    assert seen == [(tmp_path, "zh", "li", True, "wang", 2)]
    assert capsys.readouterr().out == ""


@pytest.fixture
def interrupts():
    """Ctrl-C as in a terminal, also where the tests run in the background and pass over it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _silent(folder):
    return Door(folder, "en", None, False, console=Console(file=io.StringIO()), errors=Console(file=io.StringIO()))


def test_a_stop_that_a_library_swallows_is_heard_at_the_next_stage(tmp_path, interrupts):
    with pytest.raises(KeyboardInterrupt), _silent(tmp_path).progress() as report:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        report(Say("预测", "Predict"), None)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_program_in_the_background_goes_on_passing_over_it(tmp_path, interrupts):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with _silent(tmp_path).progress() as report:
        signal.raise_signal(signal.SIGINT)
        report(Say("预测", "Predict"), None)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
