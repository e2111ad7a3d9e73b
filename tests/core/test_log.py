import logging

import pytest

from zhiyin.core.log import line, staged


def test_a_line_is_key_and_value_in_order():
    assert line(stage="unify", rows_out=3, name="two words", empty="") == 'stage=unify rows_out=3 name="two words" empty=""'


def test_a_line_stays_one_line():
    assert "\n" not in line(name="a\nb")


def test_a_step_is_logged_once_with_its_figures(caplog):
    caplog.set_level(logging.INFO)
    with staged(logging.getLogger("zhiyin"), "collect", "order_line") as figures:
        figures.rows_in, figures.rows_out, figures.refused = 10, 9, 1
        figures.more["duplicate"] = 0
    assert [record.message.partition(" seconds=")[0] for record in caplog.records] == [
        "stage=collect table=order_line outcome=ok rows_in=10 rows_out=9 refused=1 duplicate=0"
    ]


def test_a_step_tells_what_it_cost(caplog):
    caplog.set_level(logging.INFO)
    with staged(logging.getLogger("zhiyin"), "collect", "order_line"):
        sum(range(2_000_000))
    seconds, processor, peak = (part.partition("=") for part in caplog.text.split()[-3:])
    assert (seconds[0], processor[0], peak[0]) == ("seconds", "processor", "peak_mb")
    assert float(seconds[2]) > 0
    assert float(processor[2]) > 0
    assert int(peak[2]) > 10  # a bare interpreter holds about 10 MB


def test_a_step_that_fails_is_logged_too(caplog):
    caplog.set_level(logging.INFO)
    with pytest.raises(RuntimeError), staged(logging.getLogger("zhiyin"), "unify", "customer"):
        raise RuntimeError
    assert "outcome=failed" in caplog.text
