import pandas as pd
import pytest

from zhiyin.unify.linking.frames import sides
from zhiyin.unify.linking.names import names_in


def _names(**columns: list[str | None]):
    frame = pd.DataFrame({"id": range(len(next(iter(columns.values())))), **columns})
    found = sides(frame)
    return names_in(found.left, found.columns)


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("John Henry Smith", "john", "smith"),
        ("Smith, John", "john", "smith"),
        ("Sir John Smith", "john", "smith"),
        ("Smith", "smith", None),
        ("Sir", "sir", None),
        ("王丽", "丽", "王"),
        ("欧阳娜娜", "娜娜", "欧阳"),
        ("王丽女士", "丽", "王"),
        (" 王 丽 ", "丽", "王"),
    ],
)
def test_a_whole_name_has_two_parts(name, given, family):
    found = _names(name=[name])
    assert found is not None and (found.given.tolist(), found.family.tolist()) == ([given], [family])


def test_two_columns_are_the_two_parts_whatever_their_order():
    found = _names(surname=["smith", None], given_name=["john", "mary jane"])
    assert found is not None and (found.given.tolist(), found.family.tolist()) == (["john", "mary jane"], ["smith", None])


def test_a_column_that_repeats_the_others_is_read_alone():
    found = _names(full_name=["john h smith", "sir al brown"], first_name=["john", "sir"], surname=["smith", "brown"])
    assert found is not None and found.given.tolist() == ["john", "al"]
    assert set(found.used) == {"full_name", "first_name", "surname"}


def test_a_whole_name_beside_its_parts_needs_no_header():
    given = ["john", "mary", "alan", "rose", "eric", "dora", "hugo", "nina", "otto", "vera", "carl", "edna", "fred", "gwen"]
    family = ["smith", "brown", "lowe", "reed", "hill", "ward", "cole", "hunt", "marsh", "fox", "gray", "hale", "knox", "lamb"]
    whole = [f"{one} {other}" for one, other in zip(given, family, strict=True)]
    parts = [name.split() for name in whole]
    found = _names(a=whole, b=[given for given, _ in parts], c=[family for _, family in parts], d=["leeds", "york"] * 7)
    assert found is not None and found.used == ("a", "b", "c")
    assert found.family.tolist() == [family for _, family in parts]


def test_no_names_no_parts():
    assert _names(phone=["13812345678"]) is None
