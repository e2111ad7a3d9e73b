import dataclasses

import pytest

from zhiyin.guard.actors import OWNER, RUN, Access, Actor


def test_nobody_asks_without_saying_who_and_what_for():
    for class_ in (Actor, Access):
        named = [field for field in dataclasses.fields(class_) if field.name != "team"]
        assert all(field.default is dataclasses.MISSING for field in named)
    with pytest.raises(TypeError, match="purpose"):
        Access(OWNER)


def test_the_two_that_are_built_in():
    assert (OWNER.role, RUN.role) == ("owner", "run")


def test_an_actor_cannot_be_promoted():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Actor("wang", "rep").role = "owner"
