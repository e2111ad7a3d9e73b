import stat

import pytest

from zhiyin.app.home import KEY_FILE, create_home, open_home
from zhiyin.core.errors import SettingsError, UsageError
from zhiyin.guard.access import OWNER

SOURCE = '[[source]]\nname = "shop"\nfile = "orders.csv"\n'


def test_a_new_home_has_settings_and_a_key_for_its_owner_only(tmp_path):
    file = create_home(tmp_path / "new")
    assert file.name == "zhiyin.toml"
    assert stat.S_IMODE((tmp_path / "new" / KEY_FILE).stat().st_mode) == 0o600
    assert open_home(tmp_path / "new").settings.goal == "repurchase"


def test_a_home_is_not_made_twice(tmp_path):
    create_home(tmp_path)
    key = (tmp_path / KEY_FILE).read_bytes()
    with pytest.raises(UsageError, match="already is a workspace"):
        create_home(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == key


def test_where_there_is_no_home_init_is_named(tmp_path):
    with pytest.raises(UsageError, match="zhiyin init"):
        open_home(tmp_path)


def test_two_sources_of_one_name_are_refused(tmp_path):
    create_home(tmp_path, template=SOURCE + SOURCE)
    with pytest.raises(SettingsError, match="the same name.*shop"):
        open_home(tmp_path)


@pytest.mark.parametrize("line", ['timezone = "Moon/Sea"', 'currency = "QQQ"', 'colour = "red"'])
def test_impossible_settings_are_refused(tmp_path, line):
    create_home(tmp_path, template=line + "\n")
    with pytest.raises((SettingsError, ValueError)):
        open_home(tmp_path)


def test_an_actor_is_the_owner_or_a_user_of_the_settings(tmp_path):
    create_home(tmp_path, template='[[user]]\nid = "wang"\nrole = "rep"\n')
    home = open_home(tmp_path)
    assert home.actor("owner") == OWNER
    assert home.actor("wang").role == "rep"
    with pytest.raises(UsageError, match="no such user.*owner, wang"):
        home.actor("li")
