from zhiyin.lab import Template, fit_adviser
from zhiyin.predict import credit


def test_the_lab_gives_the_engine_itself():
    assert (Template, fit_adviser) == (credit.Template, credit.fit_adviser)
