import numpy as np

from zhiyin.predict.design import learn_design

NAN = np.nan


def test_columns_lie_about_zero_and_add_up_to_their_feature():
    codes = np.array([[0.0, 0.0], [1.0, 1.0], [3.0, 0.0], [7.0, NAN]] * 10)
    design = learn_design(codes, of_kinds=[1])
    matrix = design.matrix(codes)
    np.testing.assert_allclose(matrix.mean(axis=0), 0.0, atol=1e-12)
    together = design.together(matrix)
    assert together.shape == (40, 2)
    np.testing.assert_allclose(together.sum(axis=1), matrix.sum(axis=1))
    np.testing.assert_allclose(matrix[:4, 0], [-1.3416, -0.4472, 0.4472, 1.3416], atol=1e-4)  # 0, 1, 3, 7: one doubling a step


def test_kinds_with_few_rows_share_a_column():
    codes = np.array([[0.0]] * 20 + [[1.0]] * 12 + [[2.0]] * 3 + [[3.0]] * 2)
    design = learn_design(codes, of_kinds=[0])
    assert design.matrix(codes).shape[1] == 3  # two kinds, and all others
    shown = design.matrix(np.array([[2.0], [3.0], [9.0]]))
    np.testing.assert_array_equal(shown[0], shown[1])
    np.testing.assert_array_equal(shown[0], shown[2])  # never seen: counts like the rare ones


def test_steps_follow_a_curve_and_far_values_count_no_more():
    codes = np.arange(100.0)[:, None]
    bent, stepped = learn_design(codes, of_kinds=[]), learn_design(codes, of_kinds=[], steps=4)
    assert bent.matrix(codes).shape[1] == 1
    assert stepped.matrix(codes).shape[1] == 1 + 1 + 3
    far = stepped.matrix(np.array([[1e6], [1e9]]))
    np.testing.assert_allclose(far[0, 1:], far[1, 1:])


def test_a_column_that_is_often_empty_says_so():
    codes = np.array([[1.0], [2.0], [NAN], [NAN]])
    matrix = learn_design(codes, of_kinds=[]).matrix(codes)
    np.testing.assert_allclose(matrix[:, 1], [-0.5, -0.5, 0.5, 0.5])


def test_wide_tables_get_no_steps():
    codes = np.random.default_rng(0).normal(size=(50, 100))
    assert learn_design(codes, of_kinds=[], steps=8).matrix(codes).shape[1] == 100
