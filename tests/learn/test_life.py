from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest

from learn.small import Last, Mean
from zhiyin.core.errors import NotFitted, StoreError, UsageError
from zhiyin.learn import registry
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.life import contains_ids

EXAMPLES = pd.DataFrame({"customer_id": ["a", "b", "c", "d"], "x": [1.0, 2.0, 3.0, 4.0], "label": [0, 1, 1, 1]})


@dataclass
class Pair(PredictorBase):
    """Two models together."""

    parts: tuple = (Mean(), Mean(seed=4))

    def _fit(self, examples):
        self.parts_ = [part.fresh().fit(examples) for part in self.parts]

    def _predict(self, rows):
        return self.parts_[0].predict(rows)["value"]


@pytest.fixture(autouse=True)
def _registered(monkeypatch):
    monkeypatch.setattr(registry, "MODELS", {"mean": "learn.small:Mean", "last": "learn.small:Last"})


def _files(model):
    files = {}
    model.save(files.__setitem__)
    return files


def test_final_methods_cannot_be_overridden():
    with pytest.raises(UsageError, match=r"Bold overrides a method that is final. Got fit, load. Fix: Write the underscored form only"):

        class Bold(PredictorBase):
            def fit(self, examples):
                return self

            @classmethod
            def load(cls, files):
                return cls()


def test_the_verb_is_final_too():
    with pytest.raises(UsageError, match=r"Got predict"):

        class Bold(Mean):
            def predict(self, rows):
                return rows


def test_a_fit_that_fails_leaves_a_model_that_has_not_learned():
    class Falling(Mean):
        def _fit(self, examples):
            self.mean_ = 1.0
            raise StopIteration

    model = Falling()
    with pytest.raises(StopIteration):
        model.fit(EXAMPLES)
    with pytest.raises(NotFitted, match=r"Falling has not learned anything yet. Fix: Call fit\(examples\) first"):
        model.predict(EXAMPLES)


def test_fit_forgets_caches_too():
    model = Mean().fit(EXAMPLES)
    model._cache = 1
    model.old_ = 2
    model.fit(EXAMPLES)
    assert not {"_cache", "old_"} & set(vars(model))


def test_the_card_says_what_the_model_knows():
    card = Mean(needs=("x",), seed=3).fit(EXAMPLES).card()
    assert (card.name, card.unit, card.features, card.examples, card.outcomes, card.seed) == ("mean", "probability", ("x",), 4, 3, 3)
    assert card.settings == {"needs": ["x"], "seed": 3}


def test_the_card_shows_settings_as_they_can_be_written():
    model = Mean(needs={"x": date(2026, 11, 21), "part": Mean()}).fit(EXAMPLES.assign(part=1.0))
    assert model.card().settings["needs"] == {"x": "2026-11-21", "part": "mean"}


def test_models_inside_come_back():
    model = Pair().fit(EXAMPLES)
    assert model.card().settings == {"parts": ["mean", "mean"]}
    loaded = Pair.load(_files(model))
    assert loaded.parts == model.parts
    assert loaded.predict(EXAMPLES).equals(model.predict(EXAMPLES))


def test_fresh_keeps_settings_and_forgets():
    fresh = Mean(seed=4).fit(EXAMPLES).fresh()
    assert fresh == Mean(seed=4)
    with pytest.raises(NotFitted):
        fresh.card()


def test_the_files_of_another_model_are_refused():
    with pytest.raises(StoreError, match=r"What was saved is another model, or of another version. Got Pair: mean, 1"):
        Pair.load(_files(Mean().fit(EXAMPLES)))


def test_the_files_of_another_version_are_refused():
    files = _files(Mean().fit(EXAMPLES))
    for old, new in ((b'"format": 1', b'"format": 9'), (b'"seed"', b'"gone"'), (b'"state"', b'"stale"')):
        with pytest.raises(StoreError, match=r"another version"):
            Mean.load(files | {"state.json": files["state.json"].replace(old, new)})


def test_what_cannot_be_stored_says_what_to_write():
    class Odd(Mean):
        def _fit(self, examples):
            self.lock_ = object()

    with pytest.raises(UsageError, match=r"Got state.state.lock_: object. Fix: In `_state`, turn it into numbers"):
        _files(Odd().fit(EXAMPLES))


def test_a_newcomer_may_say_how_it_is_stored():
    class Own(Mean):
        def _fit(self, examples):
            self.mean_ = {"mean": np.float64(0.5)}.items()

        def _state(self):
            return {"mean": 0.5}

        def _restore(self, state):
            self.mean_ = state["mean"]

    assert Own.load(_files(Own().fit(EXAMPLES))).mean_ == 0.5


def test_ids_inside_are_seen():
    assert contains_ids(Last())
    assert not contains_ids(Mean())
    assert contains_ids(Pair(parts=(Mean(), Last())))
    assert contains_ids(Pair(parts={"a": [Last()]}))
