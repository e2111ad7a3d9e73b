import ibis

from zhiyin.unify.spans import EVERYBODY, Span, first_ids, spans


def _people(*ids: str) -> ibis.Table:
    return ibis.memtable({"customer_id": list(ids)})


def _read(table: ibis.Table) -> list[str]:
    return ibis.duckdb.connect(threads=1).execute(table)["customer_id"].tolist()


def test_everybody_is_in_one_span_whatever_the_ids():
    people = ["a", "c", "d", "m", "z", "张"]
    found = [_read(span.of(_people(*people))) for span in spans(["c", "m"])]
    assert found == [["a"], ["c", "d"], ["m", "z", "张"]]


def test_without_a_first_id_there_is_one_span_that_filters_nothing():
    people = _people("a", "b")
    assert spans([]) == [EVERYBODY]
    assert EVERYBODY.of(people).equals(people)


def test_the_first_ids_stand_at_the_places_asked_about():
    assert _read(first_ids(_people("d", "a", "c", "b", "e"), [2, 4])) == ["c", "e"]


def test_rows_about_nobody_stay():
    goods = ibis.memtable({"product_id": ["p1"]})
    assert Span("a", "b").of(goods).equals(goods)
