"""Is what pages were shown kept, found by person, and dropped in time?"""

from zhiyin.store.shown import Item, Show, ShownRows


def _show(number, *, at="2026-11-21T10:00:00.000+00:00", placement="home", customer="c1"):
    items = (Item("p1", 1.0, "p1"), Item("p2", 0.25, "p3"))
    return Show(f"q{number}", at, "web", placement, "for_you", "main", customer, customer and f"{customer}r", 0.95, True, "", items)


def test_answers_come_back_as_they_were_and_once(ledger):
    rows = ShownRows(ledger)
    rows.add([])
    rows.add([_show(2, placement="mail"), _show(1), _show(3, at="2026-11-22T10:00:00.000+00:00")])
    rows.add([_show(1, customer="other")])
    assert list(rows.between("", "9")) == [_show(1), _show(2, placement="mail"), _show(3, at="2026-11-22T10:00:00.000+00:00")]
    assert [row.request_id for row in rows.between("", "2026-11-22", placement="home")] == ["q1"]


def test_erasing_finds_them_by_customer_and_by_record(ledger):
    rows = ShownRows(ledger)
    rows.add([_show(1), _show(2, customer="c2"), _show(3, customer="")])
    assert rows.of_person(["c1"]) == rows.of_person(["c1r"]) == ["q1"]
    assert rows.of_person(["c1", "c2r"]) == ["q1", "q2"]
    with ledger.read() as connection:
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN SELECT * FROM shown WHERE customer_id = 'c1' OR record_id = 'c1'").all()
    assert "SCAN" not in str(plan)


def test_what_is_old_is_dropped_piece_by_piece(ledger, monkeypatch):
    monkeypatch.setattr("zhiyin.store.shown._PIECE", 2)
    rows = ShownRows(ledger)
    rows.add([_show(number) for number in range(3)] + [_show(9, at="2026-11-23T00:00:00.000+00:00")])
    assert [rows.forget("2026-11-22") for _ in range(3)] == [2, 1, 0]
    assert [row.request_id for row in rows.between("", "9")] == ["q9"]
