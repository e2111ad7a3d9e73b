import pytest

from zhiyin.core.errors import StoreError
from zhiyin.predict.boosting import BoostingModel


def test_a_cut_booster_is_refused(two_columns):
    model = BoostingModel(needs=("a", "b"), trees=10).fit(two_columns)
    state = dict(model._state())
    state["parts_"] = [part[: len(part) // 2] for part in state["parts_"]]
    with pytest.raises(StoreError, match="A file of the model is not whole"):
        BoostingModel(needs=("a", "b"))._restore(state)
