import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.errors import StoreError
from zhiyin.store.sealing import DataKey, blind_digest, sealer

KEK = b"s" * 32


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_what_was_sealed_opens(content, record_id, column):
    key = DataKey(KEK)
    sealed = key.seal(content, record_id=record_id, column=column)
    assert DataKey(KEK, key.wrapped).unseal(sealed, record_id=record_id, column=column) == content
    assert len(content) < 4 or content not in sealed


def test_a_wrapped_key_has_40_bytes_and_each_is_another():
    assert len(DataKey(KEK).wrapped) == 40
    assert DataKey(KEK).wrapped != DataKey(KEK).wrapped


def test_the_same_text_never_looks_the_same():
    key = DataKey(KEK)
    assert key.seal(b"a", record_id="r1", column="name") != key.seal(b"a", record_id="r1", column="name")


@pytest.mark.parametrize(("record_id", "column"), [("r2", "name"), ("r1", "phone")])
def test_a_field_does_not_open_in_another_place(record_id, column):
    key = DataKey(KEK)
    sealed = key.seal(b"a", record_id="r1", column="name")
    with pytest.raises(StoreError, match=f"wrong place. Got {record_id} {column}"):
        key.unseal(sealed, record_id=record_id, column=column)


def test_every_flipped_bit_is_seen():
    key = DataKey(KEK)
    sealed = key.seal(b"secret", record_id="r1", column="name")
    for at in range(len(sealed)):
        damaged = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(StoreError, match="damaged"):
            key.unseal(damaged, record_id="r1", column="name")


@pytest.mark.parametrize("wrapped", [b"", b"short", bytes(40)])
def test_a_damaged_data_key_is_a_sentence(wrapped):
    with pytest.raises(StoreError, match="Got data key"):
        DataKey(KEK, wrapped)


def test_a_digest_is_the_same_for_the_same_value_column_and_key_only():
    digest = blind_digest(KEK, "phone", value="+8613812345678")
    assert digest == blind_digest(KEK, "phone", value="+8613812345678")
    assert len(digest) == 16
    others = [
        blind_digest(KEK, "phone", value="1"),
        blind_digest(KEK, "email", value="+8613812345678"),
        blind_digest(b"t" * 32, "phone", value="+8613812345678"),
    ]
    assert digest not in others


def test_a_sealed_file_opens_under_its_key_and_label_only():
    seal, unseal = sealer(KEK, "model")
    assert unseal(seal(b"weights")) == b"weights"
    for other in (sealer(KEK, "export"), sealer(b"t" * 32, "model")):
        with pytest.raises(StoreError, match="damaged or in the wrong place"):
            other[1](seal(b"weights"))
    with pytest.raises(StoreError, match="Got model"):
        unseal(b"cut")
