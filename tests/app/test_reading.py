"""Whom does a reader mean by an id?"""

from __future__ import annotations

import pytest

import zhiyin
from zhiyin.app.reading import customer_of, published_guard
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import NotFound, PrivacyError, UsageError
from zhiyin.guard.access import OWNER, Access, Actor


@pytest.fixture
def asked(shop):
    """Ask by any id, as anybody."""
    with zhiyin.open(shop) as workspace, published_guard(workspace._home, utc_now) as guard:
        yield lambda said, actor=OWNER: customer_of(workspace._home, guard, Access(actor, "display"), said=said)


def test_own_id_record_and_id_of_the_company_mean_the_same(asked):
    known = asked("K5001")
    assert known == asked("M1001") == asked(known)


def test_an_id_that_nobody_gave(asked):
    with pytest.raises(NotFound, match=r"There is no such customer, or not one that you may see"):
        asked("K9999")


def test_an_id_that_two_systems_gave_to_two_customers(asked):
    with pytest.raises(UsageError, match=r"Several customers have this id"):
        asked("M1005")


def test_of_two_the_one_in_sight_is_meant(asked):
    """The rep of one of them never learns that there is another; the rep of neither learns of none."""
    assert asked("M1005", Actor("li", "rep")) == asked("K5005")
    with pytest.raises(NotFound):
        asked("M1005", Actor("wang", "rep"))


def test_a_role_without_sight_is_refused_before_anything_is_looked_up(asked):
    with pytest.raises(PrivacyError):
        asked("K9999", Actor("boss", "manager"))
