import pytest

from zhiyin.core.errors import StoreError
from zhiyin.predict.boosting import BoostingModel


def test_a_cut_booster_is_refused(two_columns):
    model = BoostingModel(needs=("a", "b"), trees=10).fit(two_columns)
    state = dict(model._state())
    state["parts_"] = [part[: len(part) // 2] for part in state["parts_"]]
    with pytest.raises(StoreError, match="A file of the model is not whole"):
        BoostingModel(needs=("a", "b"))._restore(state)


def test_the_training_can_be_looked_at_afterwards(two_columns):
    model = BoostingModel(needs=("a", "b"), trees=400, folds=3).fit(two_columns)
    again = BoostingModel.load(_files(model))
    assert again.curves == model.curves
    assert [curve.name for curve in model.curves] == ["steps 1", "steps 2", "steps 3"]
    for curve in model.curves:
        trees, losses = zip(*curve.points, strict=True)
        assert trees[0] == 1
        assert len(trees) <= 200
        assert min(losses) < losses[0]


def test_without_rows_to_watch_there_are_no_curves(two_columns):
    assert BoostingModel(needs=("a", "b"), trees=5, folds=1).fit(two_columns).curves == ()
    assert BoostingModel(needs=("a", "b")).fit(two_columns.assign(label=1.0)).curves == ()


def _files(model):
    files = {}
    model.save(files.__setitem__)
    return files
