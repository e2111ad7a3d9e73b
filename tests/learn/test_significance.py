import pytest

from zhiyin.learn.significance import discovered, two_sided


def test_the_chance_of_a_normal_figure():
    assert [round(two_sided(z), 4) for z in (0.0, 1.959964, -2.575829)] == [1.0, 0.05, 0.01]


def test_the_example_of_the_paper():
    """Benjamini and Hochberg (1995), section 3.1: of fifteen p-values the four smallest are believed at 5 %."""
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert discovered(chances, share=0.05) == [True] * 4 + [False] * 11
    assert discovered(chances[::-1], share=0.05) == [False] * 11 + [True] * 4


@pytest.mark.parametrize("chances", [[], [float("nan")], [0.9, 1.0]])
def test_nothing_is_found_where_nothing_is(chances):
    assert not any(discovered(chances, share=0.05))


def test_one_far_along_brings_those_before_it():
    assert discovered([0.03, 0.04], share=0.05) == [True, True]
