from learn.small import Last, Mean
from zhiyin.learn.verbs import Model, Predictor, Recommender


def test_models_keep_the_shape_of_their_verb():
    assert isinstance(Mean(), Model)
    assert isinstance(Mean(), Predictor)
    assert not isinstance(Mean(), Recommender)
    assert isinstance(Last(), Recommender)
