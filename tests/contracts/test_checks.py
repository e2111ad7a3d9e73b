"""Every check of every verb can fail: each is shown a model that breaks its promise, and one that keeps it."""

import pytest

from contracts.broken import BROKEN, VAGUE, spoiled, when_asked
from contracts.honest import Greedy, Halves, PricedForecast, SharedLetters, TinyLogistic, WeightedPopular
from zhiyin.core.errors import UsageError
from zhiyin.learn.checks import VERBS, ContractBroken, checks_for

HONEST = {
    "predict": TinyLogistic,
    "assign": Halves,
    "recommend": WeightedPopular,
    "forecast": PricedForecast,
    "read": SharedLetters,
    "choose": Greedy,
}
CASES = [
    pytest.param(honest, check, spoil, id=f"{verb}-{check.name}-{number}")
    for verb, honest in HONEST.items()
    for check in checks_for(honest)
    for number, spoil in enumerate(BROKEN[check.name])
]


@pytest.mark.parametrize(("honest", "check", "spoil"), CASES)
def test_a_broken_promise_is_found(honest, check, spoil):
    with pytest.raises(ContractBroken) as found:
        check.run(spoiled(honest, spoil).example)
    assert str(found.value).startswith("A promise is broken: ")
    assert found.value.what.zh.startswith("约定没有守住：")


def test_every_check_has_a_model_that_breaks_it():
    assert set(BROKEN) == {check.name for honest in HONEST.values() for check in checks_for(honest)}
    assert set(VERBS) == set(HONEST)


def test_every_check_says_what_it_promises():
    checks = [check for honest in HONEST.values() for check in checks_for(honest)]
    assert all(check.promise.endswith(".") for check in checks)
    assert all(len({check.name for check in checks_for(honest)}) == len(checks_for(honest)) for honest in HONEST.values())


def test_rows_too_far_may_be_refused_in_a_sentence():
    def refusing(self, rows, ask):
        if rows["a"].abs().max() > 1e5:
            raise VAGUE
        return ask()

    check = next(one for one in checks_for(TinyLogistic) if one.name == "far_rows_are_answered")
    check.run(spoiled(TinyLogistic, when_asked(refusing)).example)


def test_a_class_without_a_verb_is_told_where_to_begin():
    with pytest.raises(UsageError, match=r"Begin with a base class of learn\.base: predict, assign"):
        checks_for(dict)
