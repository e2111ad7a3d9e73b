from zhiyin import lab
from zhiyin.predict import series


def test_the_lab_asks_the_engine_of_the_product():
    assert lab.fit_forecaster is series.fit_forecaster
