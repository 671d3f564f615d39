"""Bytes that nobody reads without the key: AES-256-GCM, authenticated."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import SealBroken

_NONCE_LENGTH = 12


def seal(plain: bytes, key: bytes, label: str) -> bytes:
    """Seal `plain`.

    Args:
        plain: What to hide.
        key: AES-256 key, 32 bytes.
        label: What it is and where it belongs; opening asks for the same, so that sealed bytes
            cannot be passed off as others.

    Raises:
        ValueError: The key has a wrong length.
    """
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    return nonce + AESGCM(key).encrypt(nonce, plain, label.encode())


def unseal(sealed: bytes, key: bytes, label: str) -> bytes:
    """What was sealed under the same key and label.

    Raises:
        SealBroken: The bytes were changed, or sealed under another key or label.
    """
    nonce, locked = sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:]
    try:
        return AESGCM(key).decrypt(nonce, locked, label.encode())
    except (InvalidTag, ValueError) as broken:
        raise SealBroken(label) from broken
