import re
from collections import Counter

import pytest

from sandbox.lived import BEGINS
from zhiyin.sandbox.places import CITIES
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.world import World
from zhiyin.sandbox.written import written

WORLD = World("saas", customers=3000, begins=BEGINS)
TEXTS = written(WORLD.ground)


@pytest.mark.parametrize("system", SYSTEMS)
def test_nobody_shares_a_number_in_a_system(system):
    keys = TEXTS.key(system).to_pylist()
    assert len(set(keys)) == len(keys) == 3000


def test_two_branches_have_no_number_phone_or_mail_in_common():
    other = written(World("saas", customers=3000, seed=8, begins=BEGINS, branch=1).ground)
    for system in SYSTEMS:
        assert not set(TEXTS.key(system).to_pylist()) & set(other.key(system).to_pylist())
    assert not set(TEXTS.phone.to_pylist()) & set(other.phone.to_pylist())
    assert set(TEXTS.email.to_pylist()) & set(other.email.to_pylist()) == {""}


def test_phones_are_of_eleven_digits_and_one_in_ten_has_changed():
    assert all(re.fullmatch(r"1[3-9]\d{9}", number) for number in TEXTS.mobile.to_pylist())
    changed = sum(old != new for old, new in zip(TEXTS.phone.to_pylist(), TEXTS.mobile.to_pylist(), strict=True))
    assert 0.08 < changed / 3000 < 0.12


def test_a_masked_buyer_shows_little():
    for name, masked, phone, hidden in zip(
        *(column.to_pylist() for column in (TEXTS.name, TEXTS.masked_name, TEXTS.mobile, TEXTS.masked_phone)), strict=True
    ):
        assert "*" in masked
        assert masked != name
        assert (hidden[:3], hidden[-4:], "*" in hidden) == (phone[:3], phone[-4:], True)


def test_firms_have_a_name_and_a_mail_in_letters_that_every_program_reads():
    for company, firm, mail in zip(TEXTS.company.to_pylist(), WORLD.ground.people.firm.tolist(), TEXTS.email.to_pylist(), strict=True):
        assert bool(company) == firm
        assert mail.isascii()
        assert mail.endswith(".example") or (not mail and not firm)


def test_the_address_lies_in_the_city():
    for address, city in zip(TEXTS.address.to_pylist(), WORLD.ground.people.city.tolist(), strict=True):
        assert CITIES[city].name in address


def test_a_family_tells_one_phone_in_the_shop():
    shared = Counter(TEXTS.till.to_pylist())
    assert any(count == 2 for count in shared.values())


def test_no_two_reps_are_called_the_same():
    reps = TEXTS.reps.to_pylist()
    assert len(set(reps)) == len(reps) == WORLD.ground.people.reps
