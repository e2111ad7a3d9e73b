"""Every registered model x every check of its verb; a new model is tried here by its one line in the registry."""

from functools import cache

import pytest

from contracts.honest import HONEST
from zhiyin.core.errors import NotFound
from zhiyin.learn import registry
from zhiyin.learn.checks import Trial, checks_for

# How many promises each verb has. Fewer means that a check has slipped out; change it only together with the check.
PROMISES = {"predict": 46, "assign": 37, "recommend": 39, "forecast": 35, "read": 35, "choose": 43}


def _found(name):
    """The class behind a line; None for a line that leads nowhere, which has a test of its own."""
    try:
        return registry.model_class(name)
    except NotFound:
        return None


@cache
def _trial(name):
    """One trial a model: what it learned is shared by its checks."""
    return Trial(MODELS[name].example)


MODELS = {model.__name__: model for model in HONEST} | {name: _found(name) for name in sorted(registry.MODELS)}
TRIALS = [(name, check) for name, model in MODELS.items() if model for check in checks_for(model)]


@pytest.mark.parametrize(("name", "check"), TRIALS, ids=[f"{name}-{check.name}" for name, check in TRIALS])
def test_model_keeps_its_promise(name, check, record_property):
    record_property("contract", (name, check.name))
    check.run(_trial(name))


def test_every_line_leads_to_a_model():
    assert [name for name, model in MODELS.items() if model is None] == []


def test_no_check_has_slipped_out():
    counted = {name: len(checks_for(model)) for name, model in MODELS.items() if model}
    assert counted == {name: PROMISES[model.verb] for name, model in MODELS.items() if model}
    assert len(TRIALS) == sum(counted.values())
