"""How is one field sealed? AES-256-GCM under the data key of its record, bound to where it belongs; pure functions over bytes."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from functools import partial

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from zhiyin.core.errors import StoreError
from zhiyin.core.words import Say

__all__ = ["DataKey", "blind_digest", "sealer"]

_NONCE = 12
_DIGEST = 16  # 128 bits: no two values of a company share one by chance


class DataKey:
    """The key of one record: new, or unwrapped from the vault.

    Args:
        sealing: the key that wraps data keys.
        wrapped: 40 bytes from the vault; None makes a new key.

    Raises:
        StoreError: when `wrapped` is damaged.
    """

    def __init__(self, sealing: bytes, wrapped: bytes | None = None) -> None:
        if wrapped is None:
            key = os.urandom(32)
            self.wrapped = aes_key_wrap(sealing, key)
        else:
            key = _unwrapped(sealing, wrapped)
            self.wrapped = wrapped
        self._cipher = AESGCM(key)

    def seal(self, content: bytes, *, record_id: str, column: str) -> bytes:
        """Nonce and ciphertext of one field."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, _place(record_id, column))

    def unseal(self, sealed: bytes, *, record_id: str, column: str) -> bytes:
        """The content of one field.

        Raises:
            StoreError: when it was damaged, or belongs to another record or column.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(record_id, column))
        except (InvalidTag, ValueError):
            raise _damaged(f"{record_id} {column}") from None


def blind_digest(key: bytes, column: str, *, value: str) -> bytes:
    """What stands in the index for a value: the same value always gives the same digest, nobody without the key can try values."""
    return hmac.digest(key, f"{column}\x1f{value}".encode("utf-8", "surrogatepass"), "sha256")[:_DIGEST]


def sealer(key: bytes, label: str) -> tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]:
    """How to seal and unseal whole files, such as models that hold ids; `label` says what they are and is checked on opening.

    Unsealing raises StoreError for what is damaged, has another label, or was sealed with another key.

    Example:
        >>> seal, unseal = sealer(bytes(32), "model")
        >>> unseal(seal(b"weights"))
        b'weights'
    """
    return partial(_seal_file, key, label), partial(_unseal_file, key, label)


def _seal_file(key: bytes, label: str, content: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, label.encode())


def _unseal_file(key: bytes, label: str, sealed: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], label.encode())
    except (InvalidTag, ValueError):
        raise _damaged(label) from None


def _unwrapped(sealing: bytes, wrapped: bytes) -> bytes:
    try:
        return aes_key_unwrap(sealing, wrapped)
    except (InvalidUnwrap, ValueError):
        raise _damaged("data key") from None


def _place(record_id: str, column: str) -> bytes:
    return f"vault|{column}|{record_id}".encode("utf-8", "surrogatepass")


def _damaged(where: str) -> StoreError:
    return StoreError(
        Say("加密内容损坏或放错了地方。", "Sealed content is damaged or in the wrong place."),
        got=where,
        fix=Say("从备份恢复。", "Restore it from a backup."),
    )
