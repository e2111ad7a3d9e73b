"""The lab's door is the engine's."""

from zhiyin import lab
from zhiyin.recommend import general


def test_the_lab_opens_the_engine_itself():
    assert lab.fit_recommender is general.fit_recommender
