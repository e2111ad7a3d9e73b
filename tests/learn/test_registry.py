import pytest

from zhiyin.core.errors import NotFound, UsageError
from zhiyin.learn import registry
from zhiyin.learn.card import Card


@pytest.fixture(autouse=True)
def _own_lines(monkeypatch):
    monkeypatch.setattr(
        registry, "MODELS", {"one": "zhiyin.learn.card:Card", "gone": "zhiyin.learn.gone:Model", "nameless": "zhiyin.learn.card:Nobody"}
    )


def test_a_line_leads_to_a_class_and_back():
    assert registry.model_class("one") is Card
    assert registry.name_of(Card) == "one"


def test_a_class_without_a_line_goes_by_its_own_name():
    assert registry.name_of(Exception) == "Exception"


def test_a_newcomer_adds_a_line_and_may_say_so_twice():
    registry.register("two", "zhiyin.learn.card:Bin")
    registry.register("two", "zhiyin.learn.card:Bin")
    assert registry.model_class("two").__name__ == "Bin"


def test_a_name_stands_for_one_model():
    with pytest.raises(UsageError, match=r"belongs to another model already. Got one = zhiyin.learn.card:Card"):
        registry.register("one", "zhiyin.learn.card:Bin")


@pytest.mark.parametrize("target", ["", "module", ":Class", "module:", "module:a.b"])
def test_a_target_is_module_and_class(target):
    with pytest.raises(UsageError, match=r"A model is given as module:Class"):
        registry.register("two", target)


def test_an_unknown_name_lists_those_that_exist():
    with pytest.raises(NotFound, match=r"Got other. Fix: Those that exist: one, gone, nameless"):
        registry.model_class("other")


@pytest.mark.parametrize("name", ["gone", "nameless"])
def test_a_line_that_leads_nowhere_says_so(name):
    with pytest.raises(NotFound, match=rf"A registered model cannot be found. Got {name} = "):
        registry.model_class(name)
