import pytest

from zhiyin.core.errors import SettingsError
from zhiyin.predict.logistic import LogisticModel
from zhiyin.predict.making import chosen, new_model
from zhiyin.predict.questions import QUESTIONS


def test_settings_that_a_model_does_not_have_are_left_out():
    model = new_model("logistic", needs=("a",), threads=2)
    assert isinstance(model, LogisticModel)
    assert model.needs == ("a",)


def test_a_chosen_model_must_exist_and_give_a_probability():
    assert chosen({"purchase": "forest"}, questions=QUESTIONS) == {"purchase": "forest"}
    with pytest.raises(SettingsError, match=r"There is no such question to predict\. Got wins\. .*purchase"):
        chosen({"wins": "forest"}, questions=QUESTIONS)
    for name in ("oracle", "repeat_value", "products"):
        with pytest.raises(SettingsError, match=rf"no such model to answer purchase\. Got {name}\. .*logistic"):
            chosen({"purchase": name}, questions=QUESTIONS)
