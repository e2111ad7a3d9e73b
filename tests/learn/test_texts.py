import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData
from zhiyin.learn.base import ReaderBase

TALK = pd.DataFrame({"text": ["多少钱", "退货"], "label": ["price", "return"]})


def _told(**answer):
    class Told(ReaderBase):
        def _read(self, texts):
            return pd.DataFrame({"label": "price", "confidence": 0.9} | answer, index=range(len(texts)))

    return Told().fit(TALK)


def test_an_answer_has_label_confidence_and_margin():
    found = _told(margin=-0.1).read(["贵吗"])
    assert found.to_dict("list") == {"label": ["price"], "confidence": [0.9], "margin": [-0.1]}


def test_a_model_that_does_not_know_its_scope_is_always_in_it():
    assert _told().read(["贵吗"])["margin"].tolist() == [0.9]


@pytest.mark.parametrize(
    ("answer", "got"),
    [
        ({"label": "other"}, "labels that were never learned: 1"),
        ({"confidence": 1.2}, "outside of its bounds"),
        ({"margin": float("nan")}, "NaN: 1"),
    ],
)
def test_what_a_reader_must_not_say_is_caught(answer, got):
    with pytest.raises(DataError, match=got):
        _told(**answer).read(["贵吗"])


@pytest.mark.parametrize(
    ("examples", "error", "message"),
    [
        (TALK.head(0), TooLittleData, "nothing to learn from"),
        (TALK.drop(columns="label"), MissingColumns, "needs label"),
        (TALK.assign(text=["多少钱", None]), DataError, "text: 1"),
        (TALK.assign(text=["多少钱", 3]), DataError, r"Only texts can be read. Got int \(1\)"),
        (TALK.assign(label=[1, 2]), DataError, "Only texts can be read"),
    ],
)
def test_examples_are_checked(examples, error, message):
    with pytest.raises(error, match=message):
        _told().fit(examples)


def test_one_label_only_is_answered_without_the_model():
    found = _told(label="never asked").fit(TALK.assign(label="price")).read(["贵吗"])
    assert found["label"].tolist() == ["price"]
    assert found["confidence"].tolist() == pytest.approx([2.5 / 3])
