"""Does what is found depend on when records arrived?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from zhiyin.app.home import create_home, open_home
from zhiyin.app.known import Fresh, Reader
from zhiyin.app.linking import link_new, weigh
from zhiyin.app.reading import published
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import SettingsError
from zhiyin.unify.identity.keys import shown_of
from zhiyin.unify.identity.names import name_of
from zhiyin.unify.merge import resolve

PHONES = ("+8613812345601", "+8613812345602", "+8613912345603")
NAMES = ("王丽", "王莉", "王麗", "张伟", "老王", "")


@dataclass(frozen=True)
class Told:
    """One record: where, called what, with which phone, seen only through a mask or not."""

    system: str
    name: str
    phone: str
    masked: bool = False
    city: str = "杭州"
    device: str = ""


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A workspace with an empty generation; every example begins with an empty log."""
    folder = tmp_path_factory.mktemp("linking") / "w"
    create_home(folder)
    home = open_home(folder)
    with home.lake.build(carry=[]) as build:
        build.publish()
    yield home
    home.close()


def _fresh(home, people: dict[str, Told]) -> Fresh:
    keys = []
    for record, told in people.items():
        if told.phone and not told.masked:
            keys.append((record, "phone", home.vault.digest("phone", told.phone)))
        if told.phone:
            keys.append((record, "near_phone", home.vault.digest("near_phone", shown_of(told.phone))))
        if name_of(told.name).sound:
            keys.append((record, "near_name", home.vault.digest("near_name", name_of(told.name).sound + " " + told.city)))
        if told.device:
            keys.append((record, "anonymous_id", home.vault.digest("anonymous_id", told.device)))
    home.vault.seal([(record, "name", told.name) for record, told in people.items() if told.name])
    records = pd.DataFrame([(record, told.system) for record, told in people.items()], columns=["record_id", "source"])
    cities = pd.DataFrame([(record, "city", told.city) for record, told in people.items()], columns=["record_id", "name", "value"])
    return Fresh(records, pd.DataFrame(keys, columns=["record_id", "kind", "digest"]), cities)


def _forget(home) -> None:
    """Begin with an empty log: the file of the ledger is made anew."""
    home.ledger.close()
    for file in home.folder.glob("ledger.db*"):
        file.unlink()
    for name in ("ledger", "journal", "merges"):
        home.__dict__.pop(name, None)


def _linked(home, batches: list[dict[str, Told]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The findings and the customers after the batches have come one after the other."""
    _forget(home)
    home.vault.erase([f"r{n}" for n in range(20)])
    known: dict[str, Told] = {}
    for batch in batches:
        known |= batch
        with published(home, utc_now) as (view, guard):
            link_new(home, Reader(guard, view.frame, _fresh(home, known)), records=list(batch))
    found = home.merges.findings()
    records = pd.DataFrame([(record, told.system, None) for record, told in known.items()], columns=["record_id", "source", "since_on"])
    told = found[~found["kind"].isin(["none", "conflict"])].sort_values(["left_record", "right_record"], ignore_index=True)
    return told[["left_record", "right_record", "kind", "bits", "findings"]], resolve(records, found)


people = st.lists(
    st.builds(
        Told,
        st.sampled_from(["crm", "mall", "tmall", "pos"]),
        st.sampled_from(NAMES),
        st.sampled_from([*PHONES, ""]),
        st.booleans(),
        st.sampled_from(["杭州", "上海"]),
        st.sampled_from(["", "", "d1"]),
    ),
    min_size=2,
    max_size=14,
)


@settings(max_examples=25, phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people, st.lists(st.integers(0, 3), min_size=14, max_size=14), st.randoms(use_true_random=False))
def test_what_arrives_one_by_one_is_found_as_if_it_had_come_at_once(empty, told, turns, random):
    known = {f"r{n}": one for n, one in enumerate(told)}
    whole, customers = _linked(empty, [known])
    order = list(known)
    random.shuffle(order)
    batches = [{record: known[record] for record in order if turns[int(record[1:])] == turn} for turn in range(4)]
    steps, same = _linked(empty, [batch for batch in batches if batch])
    pd.testing.assert_frame_equal(same, customers)
    pd.testing.assert_frame_equal(steps, whole)


def test_a_family_phone_parts_whom_it_had_joined(empty):
    """A card without a name belongs to whom the phone belongs to, until it turns out that two people use it."""
    first = {"r0": Told("crm", "王丽", PHONES[0]), "r1": Told("pos", "", PHONES[0])}
    _, before = _linked(empty, [first])
    _, after = _linked(empty, [first, {"r2": Told("mall", "张伟", PHONES[0])}])
    assert before["customer_id"].nunique() == 1
    assert after["customer_id"].nunique() == 3


def test_one_phone_and_one_sound_are_one_person(empty):
    told, customers = _linked(empty, [{"r0": Told("crm", "王丽", PHONES[0]), "r1": Told("mall", "王莉", PHONES[0])}])
    assert customers["customer_id"].nunique() == 1
    assert "name.sound" in told["findings"][0]


def test_one_sound_alone_is_nobody(empty):
    told, customers = _linked(empty, [{"r0": Told("crm", "王丽", PHONES[0]), "r1": Told("mall", "王莉", PHONES[1])}])
    assert customers["customer_id"].nunique() == 2
    assert told.empty


def test_a_device_that_two_accounts_use_joins_nobody(empty):
    alone = {"r0": Told("mall", "", "", device="d1"), "r1": Told("web.anonymous", "", "", device="d1")}
    assert _linked(empty, [alone])[1]["customer_id"].nunique() == 1
    assert _linked(empty, [alone, {"r2": Told("mall", "", "", device="d1")}])[1]["customer_id"].nunique() == 3


def test_the_number_of_the_shop_joins_nobody(empty):
    ten = {f"r{n}": Told(f"s{n}", "", PHONES[0]) for n in range(10)}
    assert _linked(empty, [ten])[1]["customer_id"].nunique() == 1
    assert _linked(empty, [ten, {"r10": Told("s10", "", PHONES[0])}])[1]["customer_id"].nunique() == 11


def test_two_masked_buyers_who_look_alike_are_left_alone(empty):
    both = {"r0": Told("tmall", "王**", PHONES[0], masked=True), "r1": Told("jd", "王**", PHONES[0], masked=True)}
    told, customers = _linked(empty, [both])
    assert customers["customer_id"].nunique() == 2
    assert set(told["kind"]) <= {"review"}


def test_a_masked_buyer_joins_whom_he_fits_alone(empty):
    buyer = Told("tmall", "王**", PHONES[0], masked=True)
    _, customers = _linked(empty, [{"r0": Told("crm", "王丽", PHONES[0]), "r1": buyer}])
    assert customers["customer_id"].nunique() == 1
    _, customers = _linked(empty, [{"r0": Told("crm", "王丽", PHONES[0]), "r1": buyer, "r2": buyer}])
    assert customers["customer_id"].nunique() == 3


def test_nothing_new_appends_nothing(empty):
    known = {"r0": Told("crm", "王丽", PHONES[0]), "r1": Told("mall", "王丽", PHONES[0])}
    _linked(empty, [known])
    last = empty.merges.last()
    with published(empty, utc_now) as (view, guard):
        read = Reader(guard, view.frame, _fresh(empty, known))
        assert link_new(empty, read) == 0
        assert link_new(empty, read, records=list(known)) == 0
        assert weigh(empty, read, left="r0", right="r1").kind == "link"
    assert empty.merges.last() == last


def test_what_identifies_nobody_must_be_a_phone_or_an_address(empty):
    from zhiyin.app.known import nobody

    home = open_home(empty.folder, identity={"nobody": ["hello"]})
    with pytest.raises(SettingsError, match=r"neither a phone nor an e-mail address"):
        nobody(home)
    assert len(nobody(open_home(empty.folder, identity={"nobody": ["13812345601", "a@b.cn"]}))) == 3
