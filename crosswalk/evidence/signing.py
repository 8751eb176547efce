"""Signatures: Ed25519 (RFC 8032) over the bytes of the manifest, by the library ``cryptography``."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosswalk.errors import InputError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALGORITHM = "Ed25519"


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise UsageError("sign-library") from error
    return ed25519, serialization


def generate(path: str) -> str:
    """Write a new private key (PEM, readable by its owner only) and return the public one as text.

    The public key is written too, to ``path`` with ``.pub``. Raises ``UsageError`` where either is there.
    """
    ed25519, serialization = _library()
    key = ed25519.Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public: bytes = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    if Path(f"{path}.pub").exists():
        raise UsageError("sign-exists", where=f"{path}.pub")
    _create(path, private, 0o600)
    _create(f"{path}.pub", public, 0o644)
    return _public_text(key)


def _create(path: str, content: bytes, mode: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except FileExistsError:
        raise UsageError("sign-exists", where=path) from None
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise UsageError("out-unwritable", where=path, problem=problem) from error


def private_key(path: str) -> Ed25519PrivateKey:
    """Read a private key. Raises ``InputError`` for a file that holds none, or one that is locked."""
    ed25519, serialization = _library()
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError("file-missing", where=path) from None
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise InputError("file-unreadable", where=path, problem=problem) from error
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except Exception as error:  # whatever the library makes of a file that is no key
        raise InputError("sign-key", where=path) from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise InputError("sign-key", where=path)
    found: Ed25519PrivateKey = key
    return found


def signature(content: bytes, key: Ed25519PrivateKey) -> dict[str, str]:
    """Return what ``signature.json`` says of the bytes of a manifest."""
    return {
        "algorithm": ALGORITHM,
        "signed": "manifest.json",
        "public_key": _public_text(key),
        "signature": base64.b64encode(key.sign(content)).decode(),
    }


def _public_text(key: Any) -> str:
    _, serialization = _library()
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def public_key(given: str) -> str:
    """Return a public key as its 32 bytes in Base64, from such a text or from a PEM file.

    Raises ``InputError`` for what is neither.
    """
    if _is_key(given.strip()):
        return given.strip()
    ed25519, serialization = _library()
    try:
        content = Path(given).read_bytes()
        text = content.decode("ascii", "replace").strip()
        if _is_key(text):
            return text
        key = serialization.load_pem_public_key(content)
    except Exception as error:  # no file, or whatever the library makes of one that is no key
        raise InputError("sign-public-key", where=given) from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise InputError("sign-public-key", where=given)
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def _is_key(text: str) -> bool:
    return len(_bytes(text)) == 32


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def signed_by(content: bytes, document: Any) -> str | None:
    """Return the public key under which the signature of ``content`` holds; ``None`` if it does not."""
    ed25519, _ = _library()
    if not isinstance(document, dict) or document.get("algorithm") != ALGORITHM:
        return None
    text, given = document.get("public_key"), document.get("signature")
    if not isinstance(text, str) or not isinstance(given, str) or not _is_key(text):
        return None
    from cryptography.exceptions import InvalidSignature

    try:
        ed25519.Ed25519PublicKey.from_public_bytes(_bytes(text)).verify(_bytes(given), content)
    except (InvalidSignature, ValueError):
        return None
    return text
