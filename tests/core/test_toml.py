"""Settings as text: what is written can be read again, and what a person wrote stays letter by letter."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.errors import SettingsError
from zhiyin.core.settings import SourceSettings
from zhiyin.core.toml import source_text, with_settings

TILL = SourceSettings(name="till", file="a.csv", columns={"customer": "c", "attribute.city": "城市"})
NOTED = """\
# mine
goal = "repurchase"        # why: it says "x"
currency = 'CNY'

# the shop
[contact]
capacity = 9
"""


def read(text):
    (one,) = tomllib.loads(text)["source"]
    return SourceSettings(**one)


def test_a_source_is_written_as_people_write_it():
    assert source_text(TILL) == (
        '[[source]]\nname = "till"\nkind = "orders"\nfile = "a.csv"\n\n[source.columns]\ncustomer = "c"\n"attribute.city" = "城市"\n'
    )
    assert (
        source_text(SourceSettings(name="demo", connector="complete-journey"))
        == '[[source]]\nname = "demo"\nconnector = "complete-journey"\n'
    )


@given(name=st.text(min_size=1), column=st.text())
def test_whatever_it_is_called_a_source_is_read_as_it_was(name, column):
    try:
        (name + column).encode()
    except UnicodeEncodeError:
        return  # half a character stands in no file
    source = SourceSettings(name=name, file="x*.csv", system="s", dates="dmy", columns={"customer": column})
    assert read(source_text(source)) == source


def test_settings_go_to_the_top_and_comments_stay():
    changed = with_settings(NOTED, {"as_of": "2026-11-02", "currency": "USD", "goal": "retention"}, sources=[TILL])
    assert changed == (
        NOTED.replace('goal = "repurchase" ', 'goal = "retention" ').replace("currency = 'CNY'", 'currency = "USD"\nas_of = "2026-11-02"')
        + "\n"
        + source_text(TILL)
    )


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", 'as_of = "d"\n'),
        ("[contact]\ncapacity = 9\n", 'as_of = "d"\n[contact]\ncapacity = 9\n'),
        ("as_of = 2026-01-01 # then\n[contact]\n", 'as_of = "d" # then\n[contact]\n'),
        ('"as_of" = ""\r\ngoal = "x"\r\n', '"as_of" = "d"\r\ngoal = "x"\r\n'),
        ('goal = "x"\r\n\r\n[contact]\r\n', 'goal = "x"\r\nas_of = "d"\r\n\r\n[contact]\r\n'),
        ('a = [\n[1],\n[2],\n]\n[as_of_]\nas_of = "inner"\n', 'a = [\n[1],\n[2],\n]\nas_of = "d"\n[as_of_]\nas_of = "inner"\n'),
        ('a = """\n[no]\n"""', 'a = """\n[no]\n"""\nas_of = "d"\n'),
        ('a = "b"\r\nc = "d"', 'a = "b"\r\nc = "d"\r\nas_of = "d"\r\n'),
        ("a = 1\n[t]", 'a = 1\nas_of = "d"\n[t]\n'),
    ],
)
def test_a_setting_stands_before_the_first_table(text, changed):
    assert with_settings(text, {"as_of": "d"}, sources=[]) == changed
    assert tomllib.loads(changed)["as_of"] == "d"


@pytest.mark.parametrize("text", ['source = [{ name = "a" }]\n', 'goal = """\nx"""\n', 'a = """\ngoal = "b"\n"""\ngoal = "c"\n'])
def test_what_cannot_be_changed_safely_is_refused(text):
    with pytest.raises(SettingsError, match=r"cannot change safely\. Fix: Write goal, timezone"):
        with_settings(text, {"goal": "retention"}, sources=[TILL])


def test_nothing_to_write_is_no_change():
    assert with_settings(NOTED, {}, sources=[]) == NOTED
