import numpy as np

from zhiyin.predict.forecasting.intermittent import seldom


def test_it_sells_on_average_chance_times_size():
    every_fifth = np.tile([0.0, 0, 0, 0, 10], 40)[None, :]
    assert np.abs(seldom(every_fifth, 3, season=1) - 2).max() < 0.3


def test_what_stopped_selling_fades():
    stopped = np.r_[np.tile([0.0, 5], 50), np.zeros(100)][None, :]
    assert (seldom(stopped, 3, season=1) < 0.5).all()


def test_the_day_on_which_the_others_sell_is_borrowed():
    saturdays = np.tile([0.0, 0, 0, 0, 0, 7, 0], 20)
    rare = np.r_[np.zeros(138), 7, 7]
    said = seldom(np.stack([saturdays] * 9 + [rare]), 7, season=7)
    assert said[9].argmax() == 5 and said[9, 5] > 4 * said[9, 1]
    assert np.abs(said[0] - [0, 0, 0, 0, 0, 7, 0]).max() < 1.2


def test_values_below_zero_are_no_sales():
    assert np.isnan(seldom(np.asarray([[0.0, -1, 2, 0]]), 2, season=1)).all()
