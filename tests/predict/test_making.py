from zhiyin.predict.logistic import LogisticModel
from zhiyin.predict.making import new_model


def test_settings_that_a_model_does_not_have_are_left_out():
    model = new_model("logistic", needs=("a",), threads=2)
    assert isinstance(model, LogisticModel)
    assert model.needs == ("a",)
