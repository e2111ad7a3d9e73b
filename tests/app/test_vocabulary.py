import pytest

from zhiyin.app.vocabulary import ASKED, segment_log, speech_of, vocabulary_for
from zhiyin.core.errors import PrivacyError
from zhiyin.guard.access import RUN, Access, Actor
from zhiyin.predict.questions import QUESTIONS
from zhiyin.store.segments import Defined


def test_every_question_can_be_asked_about():
    assert set(ASKED) == {*QUESTIONS, "value"}
    known = vocabulary_for(Access(RUN, "analysis"))
    assert {known.find(f"prediction.{name}").many for name in ASKED if QUESTIONS.get(name) and QUESTIONS[name].subject} == {True}
    assert not any(known.find(f"prediction.{name}").many for name in ASKED if not QUESTIONS.get(name) or not QUESTIONS[name].subject)


def test_a_purpose_that_the_role_does_not_have_is_refused():
    with pytest.raises(PrivacyError, match="may not read data for this purpose"):
        vocabulary_for(Access(Actor("boss", "manager"), "analysis"))


def test_rules_name_the_segments_that_people_defined(home):
    segment_log(home).note(Defined("rule", "s1", "add", "大客户", "spend > 5"))
    segment_log(home).note(Defined("behaviour", "g1", "rename", "常客"))
    speech = speech_of(segment_log(home).defined(), vocabulary_for(Access(RUN, "analysis")), currency="CNY")
    assert speech.segments == {"大客户": "spend > 5"}
