import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.core.errors import Busy, KeyProblem, NotFound, StoreError
from zhiyin.store import vault as module
from zhiyin.store.keys import derive_keys
from zhiyin.store.vault import Vault

ROWS = [("r1", "name", "王小明"), ("r1", "phone", "+8613812345678"), ("r2", "name", "李雷"), ("r2", "phone", "+8613812345678")]


def fields(vault):
    with vault._file.read() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM field").scalar_one()


def test_what_was_sealed_opens_for_those_asked(vault):
    assert vault.seal(ROWS) == 4
    assert vault.open(["r1", "r2", "r9"], ["name"]) == {"r1": {"name": "王小明"}, "r2": {"name": "李雷"}}
    assert vault.open(["r1"], ["phone", "absent"]) == {"r1": {"phone": "+8613812345678"}}
    assert vault.open([], ["name"]) == {}


def test_the_same_again_is_left_alone_and_another_value_takes_its_place(vault):
    vault.seal(ROWS)
    assert vault.seal(ROWS) == 0
    assert vault.seal([("r1", "phone", "+8613900000000"), ("r1", "name", "王小明")]) == 1
    assert vault.open(["r1"], ["phone"]) == {"r1": {"phone": "+8613900000000"}}
    assert vault.find("phone", "+8613812345678") == ["r2"]
    assert fields(vault) == 4


def test_within_one_load_the_last_value_counts(vault):
    vault.seal([("r1", "name", "a"), ("r1", "name", "b")])
    assert vault.open(["r1"], ["name"]) == {"r1": {"name": "b"}}


def test_values_are_found_by_column_and_exactly(vault):
    vault.seal(ROWS)
    assert vault.find("phone", "+8613812345678") == ["r1", "r2"]
    assert vault.find("name", "+8613812345678") == []
    assert vault.find("phone", "+861381234567") == []


def test_a_digest_is_the_same_everywhere_and_says_nothing(vault, keys, tmp_path):
    other = Vault(tmp_path / "other.db", keys)
    assert vault.digest("phone", "+8613812345678") == other.digest("phone", "+8613812345678")
    assert "138" not in vault.digest("phone", "+8613812345678")
    other.close()


def test_refused_rows_come_back_byte_by_byte(vault):
    raw = b"\xff\x00\r\n" + "王".encode("gb18030")
    vault.seal_row("x1", raw)
    assert vault.seal_rows([("x1", b"other"), ("x2", b""), ("x2", b"")]) == 1
    assert (vault.open_row("x1"), vault.open_row("x2")) == (raw, b"")
    with pytest.raises(NotFound, match="vault does not hold this row. Got x9"):
        vault.open_row("x9")


def test_erasing_destroys_keys_and_fields_of_those_only(vault):
    vault.seal(ROWS)
    vault.seal_row("x1", b"raw")
    assert vault.erase(["r1", "x1", "r9"]) == 2
    assert vault.open(["r1", "r2"], ["name", "phone"]) == {"r2": {"name": "李雷", "phone": "+8613812345678"}}
    assert vault.find("phone", "+8613812345678") == ["r2"]
    with pytest.raises(NotFound):
        vault.open_row("x1")


def test_what_was_erased_is_not_in_the_log_either(vault, tmp_path):
    vault.seal(ROWS)
    assert (tmp_path / "vault.db-wal").stat().st_size > 0
    vault.erase(["r1"])
    assert (tmp_path / "vault.db-wal").stat().st_size == 0


def test_without_its_data_key_a_field_of_a_backup_says_nothing(vault):
    vault.seal(ROWS)
    with vault._file.begin() as connection:
        connection.exec_driver_sql("DELETE FROM data_key WHERE id = 'r1'")
    assert vault.open(["r1"], ["name"]) == {}


def test_a_field_moved_to_another_record_does_not_open(vault):
    vault.seal(ROWS)
    with vault._file.begin() as connection:
        connection.exec_driver_sql("UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE id = 'r1')")
        connection.exec_driver_sql(
            "UPDATE field SET sealed = (SELECT sealed FROM field WHERE id = 'r1' AND name = 'name') WHERE id = 'r2' AND name = 'name'"
        )
    with pytest.raises(StoreError, match="wrong place. Got r2 name") as problem:
        vault.open(["r2"], ["name"])
    assert "王" not in problem.value.in_("zh")


def test_changing_the_master_key_keeps_values_digests_and_ids(vault, keys, tmp_path):
    vault.seal(ROWS)
    digest = vault.digest("phone", "+8613812345678")
    new = derive_keys(b"n" * 32)
    lasting = vault.rotate(new)
    assert (lasting.ids, lasting.blind, lasting.audit) == (keys.ids, keys.blind, keys.audit)
    assert (lasting.lake, lasting.sealing) == (new.lake, new.sealing)
    vault.seal([("r3", "name", "韩梅梅")])
    vault.close()
    with pytest.raises(KeyProblem, match="another key"):
        Vault(tmp_path / "vault.db", keys)
    again = Vault(tmp_path / "vault.db", new)
    assert again.keys == lasting
    assert again.find("phone", "+8613812345678") == ["r1", "r2"]
    assert again.digest("phone", "+8613812345678") == digest
    assert again.open(["r1", "r3"], ["name"]) == {"r1": {"name": "王小明"}, "r3": {"name": "韩梅梅"}}
    newest = derive_keys(b"m" * 32)
    assert again.rotate(newest).ids == keys.ids
    again.close()


def test_the_master_key_does_not_change_under_another_program(vault, keys, tmp_path):
    second = Vault(tmp_path / "vault.db", keys)
    with pytest.raises(Busy, match="open elsewhere"):
        vault.rotate(derive_keys(b"n" * 32))
    second.close()
    assert vault.keys == keys


def test_many_rows_go_in_pieces(vault, monkeypatch):
    monkeypatch.setattr(module, "_PIECE", 7)
    rows = [(f"r{n % 30}", f"c{n % 3}", f"v{n}") for n in range(90)]
    latest = {(record, column): value for record, column, value in rows}
    vault.seal(rows)
    opened = vault.open([f"r{n}" for n in range(30)], ["c0", "c1", "c2"])
    assert {(record, column): value for record, fields in opened.items() for column, value in fields.items()} == latest
    assert vault.erase(f"r{n}" for n in range(30)) == 30
    assert fields(vault) == 0


def test_pages_are_checked(vault, keys, tmp_path):
    vault.seal(ROWS)
    vault.verify()
    path = tmp_path / "vault.db"
    vault.close()
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="HMAC verification failed"):
        Vault(path, keys).verify()


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["name", "phone"]), st.text(max_size=3)), max_size=5), max_size=4)
)
def test_it_does_what_a_dictionary_would(tmp_path_factory, keys, loads):
    vault = Vault(tmp_path_factory.mktemp("vault") / "vault.db", keys)
    known = {}
    for load in loads:
        latest = {(record, column): text for record, column, text in load}
        changed = sum(known.get(place) != text for place, text in latest.items())
        assert vault.seal(load) == changed
        known |= latest
    opened = vault.open("abc", ["name", "phone"])
    assert {(record, column): text for record, fields in opened.items() for column, text in fields.items()} == known
    for (record, column), text in known.items():
        assert record in vault.find(column, text)
    vault.close()
