import pandas as pd
import pytest

from learn.small import Last, Mean
from zhiyin.core.errors import DataError, MissingColumns
from zhiyin.core.words import Say
from zhiyin.learn.trial import ContractBroken, Trial, alike, must, must_refuse, shuffled

REFUSED = MissingColumns(Say("缺少列 x。", "x is missing."), fix=Say("补上。", "Add it."))
ONE = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})


def test_a_kept_promise_is_silent():
    must(True, Say("好", "it is good"))


def test_a_broken_promise_says_which_and_what_was_seen():
    with pytest.raises(ContractBroken, match=r"A promise is broken: it is good. Got 3. Fix: Correct the model"):
        must(False, Say("好", "it is good"), got=3)


def test_a_refusal_must_come():
    with pytest.raises(ContractBroken, match=r"an empty frame is refused"), must_refuse(DataError, "an empty frame"):
        pass


def test_a_refusal_must_be_of_the_kind():
    with pytest.raises(ContractBroken, match=r"refused by MissingColumns"), must_refuse(MissingColumns, "a column"):
        raise DataError(Say("不行。", "No."), fix=Say("重来。", "Again."))


def test_a_refusal_must_name_what_it_is_about():
    with must_refuse(MissingColumns, "a missing column", naming="x"):
        raise REFUSED
    with pytest.raises(ContractBroken, match=r"that names y"), must_refuse(MissingColumns, "a missing column", naming="y"):
        raise REFUSED


def test_a_refusal_must_speak_both_languages():
    with pytest.raises(ContractBroken, match=r"a sentence"), must_refuse(DataError, "a row"):
        raise DataError(Say("", "No."), fix=Say("重来。", "Again."))


def test_answers_are_compared_digit_by_digit_or_within():
    close = ONE.assign(a=[1.0, 2.0 + 1e-9])
    assert alike(ONE, ONE.copy())
    assert not alike(ONE, close)
    assert alike(ONE, close, within=1e-6)
    assert not alike(ONE, ONE.head(1))
    assert not alike(ONE, ONE[["b", "a"]])
    assert not alike(ONE, ONE.assign(b=["x", "z"]))


def test_shuffling_keeps_the_rows():
    rows = pd.DataFrame({"a": range(20)})
    turned = shuffled(rows)
    assert turned["a"].tolist() != rows["a"].tolist()
    assert sorted(turned["a"]) == rows["a"].tolist()


def test_a_trial_asks_every_verb_its_question():
    assert list(Trial(Mean).rows(Mean(), 2).columns) == ["customer_id"]
    assert Trial(Last).question(Last())[-1] == "stranger"
    assert Trial(Last).answer_columns == ("customer_id", "item_id", "score", "rank")
