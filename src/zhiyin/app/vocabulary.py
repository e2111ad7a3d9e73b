"""What may this actor write in a rule, and what do the saved rules mean? Without Ibis, for batches and for one customer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from zhiyin.app.codes import STAGES, words_of
from zhiyin.app.scores import question_words
from zhiyin.core.clock import utc_now
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.guard.access import Access
from zhiyin.guard.purpose import allowed_columns
from zhiyin.predict.rules.parse import Speech
from zhiyin.predict.rules.terms import Kind, Vocabulary, vocabulary
from zhiyin.store.segments import Defined, SegmentLog

if TYPE_CHECKING:
    from zhiyin.app.home import Home

__all__ = ["ASKED", "TABLES_READ", "segment_log", "speech_of", "vocabulary_for"]

TABLES_READ = ("profile", "profile_at", "customer", "prediction", "segment")
ASKED = ("purchase", "churn", "spend_halves", "campaign_answer", "category_raise", "value")  # questions with an answer a customer
_MANY = ("campaign_answer", "category_raise")  # asked about each campaign and category
_TIERS = ("champion", "loyal", "promising", "slipping", "asleep", "lead")


def vocabulary_for(access: Access, *, attributes: Collection[str] = ()) -> Vocabulary:
    """The terms that the actor may use for this purpose.

    Args:
        access: who asks, what for.
        attributes: declared attributes that are known.

    Raises:
        PrivacyError: when the role does not have the purpose.
    """
    columns = {name: allowed_columns(TABLES[name], access) for name in TABLES_READ}
    choices = {"stage": STAGES, "tier": {code: words_of("tier", code) for code in _TIERS}, "kind": _KINDS}
    return vocabulary(columns, choices=choices, questions={name: _answer(name) for name in ASKED}, attributes=attributes)


def segment_log(home: Home) -> SegmentLog:
    """What people defined, and what they call the groups that were found."""
    return SegmentLog(home.ledger, utc_now)


def speech_of(defined: Iterable[Defined], words: Vocabulary, *, currency: str) -> Speech:
    """What rules are written in, with the segments that are there."""
    return Speech(words, currency, {one.name: one.rule for one in defined if one.scheme == "rule"})


def _answer(question: str) -> tuple[Kind, Say, bool]:
    return "money" if question == "value" else "share", question_words({"question": question}), question in _MANY


_KINDS = {"person": Say("个人", "person"), "firm": Say("企业", "firm")}
