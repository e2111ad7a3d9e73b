from datetime import date

import pytest

from zhiyin.core.errors import SettingsError, StoreError
from zhiyin.core.settings import SourceSettings, load_settings, system_language


def _write(folder, text):
    (folder / "zhiyin.toml").write_text(text, "utf-8")
    return folder


def test_without_a_file_the_defaults_hold(tmp_path):
    settings = load_settings(tmp_path)
    assert (settings.goal, settings.lake.keep, settings.key) == ("repurchase", 3, None)


def test_arguments_win_over_environment_over_file_over_default(tmp_path, monkeypatch):
    _write(tmp_path, "[lake]\nkeep = 4\nthreads = 1\nmemory_mb = 300\n[contact]\ncapacity = 9\n")
    monkeypatch.setenv("ZHIYIN_LAKE__KEEP", "5")
    monkeypatch.setenv("ZHIYIN_GOAL", "retention")
    settings = load_settings(tmp_path, goal="service")
    assert (settings.goal, settings.lake.keep, settings.lake.threads, settings.lake.memory_mb) == ("service", 5, 1, 300)
    assert (settings.contact.capacity, settings.contact.cost) == (9, 0.5)


def test_settings_do_not_change(tmp_path):
    settings = load_settings(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.goal = "service"


def test_sources_and_users_are_lists(tmp_path):
    _write(tmp_path, '[[source]]\nname = "a"\n[[source]]\nname = "b"\nkind = "events"\n[[user]]\nid = "li"\nrole = "rep"\n')
    settings = load_settings(tmp_path)
    assert [(source.name, source.kind) for source in settings.source] == [("a", "orders"), ("b", "events")]
    assert settings.user[0].role == "rep"


@pytest.mark.parametrize(
    ("text", "day"),
    [('as_of = "2026-11-02"', date(2026, 11, 2)), ("as_of = 2026-11-02", date(2026, 11, 2)), ("as_of = 20261102", date(2026, 11, 2)), ('as_of = ""', None), ("", None)],
)  # fmt: skip
def test_the_day_of_the_list_may_be_pinned(tmp_path, text, day):
    assert load_settings(_write(tmp_path, text)).as_of == day


def test_an_empty_day_in_the_environment_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("ZHIYIN_AS_OF", "2026-11-02")
    assert load_settings(tmp_path).as_of == date(2026, 11, 2)
    monkeypatch.setenv("ZHIYIN_AS_OF", "")
    assert load_settings(tmp_path).as_of is None


@pytest.mark.parametrize("text", ['as_of = "tomorrow"', "as_of = true", 'as_of = "1066-10-14"', "as_of = []"])
def test_what_is_no_day_is_refused_in_both_languages(tmp_path, text):
    with pytest.raises(SettingsError) as refused:
        load_settings(_write(tmp_path, text))
    assert str(refused.value).startswith(
        "A setting has an impossible value. Got as_of. Fix: It must be a day such as 2026-11-21, or empty;"
    )
    assert "应为：2026-11-21 这样的一天，或留空。" in refused.value.in_("zh")


def test_path_of_the_shell_is_no_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("KEEP", "9")
    monkeypatch.setenv("FILE", "elsewhere.csv")
    assert load_settings(tmp_path).lake.keep == 3
    assert SourceSettings(name="a").file == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("goals = 1", r"There is no such setting. Got goals. Fix: Those that exist: goal, .*user"),
        ("[lake]\nspeed = 1", r"There is no such setting. Got lake.speed. Fix: Those that exist: memory_mb, threads, keep"),
        ('[[source]]\nname = "a"\npath = "x"', r"Got source.0.path. Fix: Those that exist: name, kind"),
        ("[lake]\nkeep = 0", r"A setting has an impossible value. Got lake.keep. Fix: It must be at least 1"),
        ('goal = "fame"', r"A setting has an impossible value. Got goal"),
        ("goal =\n", r"zhiyin.toml is not valid TOML. Got .*line 1.* Fix: Correct that line"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(tmp_path, text, message):
    with pytest.raises(SettingsError, match=message):
        load_settings(_write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("[contact]\ncapacity = 0", "应为：不小于 1", "must be at least 1"),
        ("[contact]\nmargin_share = 0", "应为：大于 0", "must be more than 0"),
        ("[contact]\nmargin_share = 2", "应为：不大于 1", "must be at most 1"),
        ('goal = "fame"', "'retention' or 'service' 之一", "must be 'conversion', 'repurchase'"),
        ('[lake]\nkeep = "many"', "应为：整数", "must be a whole number"),
        ('[contact]\ncost = "much"', "应为：数字", "must be a number"),
        ("[privacy]\nmanager_sees_rows = 7", "应为：true 或 false", "must be true or false"),
        ("currency = 7", "应为：引号里的文字", "must be text in quotes"),
        ('[[source]]\nkind = "orders"', "应为：必须写明", "must be given"),
        ('[[source]]\nname = ""', "应为：不能留空", "must be given"),
        ("contact = 7", "应为：一段设置", "must be a part such as"),
        ('[[source]]\nname = "a"\ncolumns = 7', "应为：一段设置", "must be a part such as"),
        ("source = 7", "应为：一个列表", "must be a list such as"),
    ],
)
def test_what_a_value_must_be_is_said_in_both_languages(tmp_path, text, zh, en):
    with pytest.raises(SettingsError) as refused:
        load_settings(_write(tmp_path, text))
    assert zh in refused.value.in_("zh")
    assert en in refused.value.in_("en")


@pytest.mark.parametrize("name", ["CONTACT", "SOURCE"])
def test_a_part_in_the_environment_that_is_no_json_is_refused_without_its_value(tmp_path, monkeypatch, name):
    monkeypatch.setenv(f"ZHIYIN_{name}", "{c0ffee")
    expected = f"The value of an environment variable is not JSON. Got ZHIYIN_{name}. Fix: .*ZHIYIN_{name}__NAME"
    with pytest.raises(SettingsError, match=expected) as refused:
        load_settings(tmp_path)
    assert "c0ffee" not in str(refused.value)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", "zhiyin.toml")

    monkeypatch.setattr("pydantic_settings.TomlConfigSettingsSource._read_file", refuse)
    with pytest.raises(StoreError, match="A file cannot be written or read. Got zhiyin.toml"):
        load_settings(_write(tmp_path, ""))


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "zhiyin.toml").write_bytes('goal = "转化"'.encode("gb18030"))
    with pytest.raises(SettingsError, match="zhiyin.toml is not UTF-8. Fix: Save it as UTF-8"):
        load_settings(tmp_path)


def test_an_unknown_name_in_the_environment_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ZHIYIN_GOALS", "service")
    with pytest.raises(SettingsError, match="The environment has a setting that does not exist. Got ZHIYIN_GOALS. Fix: .*ZHIYIN_GOAL,"):
        load_settings(tmp_path)


def test_an_unknown_part_in_the_environment_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ZHIYIN_LAKE__SPEED", "9")
    with pytest.raises(SettingsError, match="Got lake.speed"):
        load_settings(tmp_path)


def test_the_key_is_in_no_message_and_no_text(tmp_path, monkeypatch):
    monkeypatch.setenv("ZHIYIN_KEY", "c0ffee" * 10 + "beef")
    settings = load_settings(tmp_path)
    assert "c0ffee" not in repr(settings) + str(settings)
    monkeypatch.setenv("ZHIYIN_LAKE__KEEP", "c0ffee")
    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path)
    assert "c0ffee" not in str(refused.value) + refused.value.in_("zh")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANG": ""}, "en"),
    ],
)
def test_the_language_is_that_of_the_machine(monkeypatch, environment, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert system_language() == language
