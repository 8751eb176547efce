"""Signatures: one key in, its own out, and nothing else passes."""

from __future__ import annotations

import base64
import json
import stat
import sys
from pathlib import Path

import pytest

import crosswalk
from crosswalk import evidence
from crosswalk.errors import InputError, UsageError
from crosswalk.evidence import signing

from .conftest import edit, failing

pytest.importorskip("cryptography", reason="signing needs the extra [sign]")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    signing.generate(str(folder / "ours"))
    signing.generate(str(folder / "theirs"))
    return folder


@pytest.fixture
def signed(keys: Path, tmp_path: Path) -> Path:
    answer = crosswalk.convert("examples/polyethylene.json", to="PACT:3.0")
    return evidence.write(answer, tmp_path / "pack", str(keys / "ours"))


def test_a_key_is_for_its_owner_only(tmp_path: Path) -> None:
    text = signing.generate(str(tmp_path / "key.pem"))
    assert len(base64.b64decode(text)) == 32
    assert signing.public_key(text) == text == signing.public_key(str(tmp_path / "key.pem.pub"))
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    before = (tmp_path / "key.pem").read_bytes()
    with pytest.raises(UsageError):
        signing.generate(str(tmp_path / "key.pem"))
    (tmp_path / "key.pem.pub").unlink()
    with pytest.raises(UsageError):
        signing.generate(str(tmp_path / "key.pem"))
    assert (tmp_path / "key.pem").read_bytes() == before


def test_a_signed_pack_holds(signed: Path, keys: Path) -> None:
    assert failing(signed) == set()
    assert failing(signed, key=str(keys / "ours.pub")) == set()
    text = json.loads((signed / "signature.json").read_text())["public_key"]
    assert failing(signed, key=text) == set()


def test_the_signature_is_ed25519_over_the_manifest(signed: Path, keys: Path) -> None:
    """Checked with the library alone, as anybody would."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key((keys / "ours.pub").read_bytes())
    given = base64.b64decode(json.loads((signed / "signature.json").read_text())["signature"])
    key.verify(given, (signed / "manifest.json").read_bytes())


def test_another_key_is_found_where_one_is_named(signed: Path, keys: Path, tmp_path: Path) -> None:
    assert failing(signed, key=str(keys / "theirs.pub")) == {"signature"}
    # Whoever has the pack can sign it anew: only who knows the key can tell.
    content = (signed / "manifest.json").read_bytes()
    other = signing.signature(content, signing.private_key(str(keys / "theirs")))
    (signed / "signature.json").write_text(json.dumps(other))
    assert failing(signed) == set()
    assert failing(signed, key=str(keys / "ours.pub")) == {"signature"}


def test_a_changed_manifest_is_found(signed: Path) -> None:
    text = (signed / "manifest.json").read_text("utf-8")
    (signed / "manifest.json").write_text(text + "\n", "utf-8")
    assert failing(signed) == {"signature"}


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "AAAA"},
        {"signature": base64.b64encode(bytes(64)).decode()},
        {"signature": None},
        {"public_key": "x"},
        {"public_key": base64.b64encode(bytes(31)).decode()},
        {"public_key": 1},
        {"algorithm": "none"},
    ],
)
def test_a_changed_signature_is_found(signed: Path, change: dict[str, object]) -> None:
    edit(signed / "signature.json", lambda document: document.update(change))
    assert failing(signed) == {"signature"}


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"public_key": {}}'])
def test_a_broken_signature_is_found(signed: Path, content: bytes) -> None:
    (signed / "signature.json").write_bytes(content)
    assert failing(signed) == {"signature"}


def test_a_signature_taken_away_is_found_where_a_key_is_named(signed: Path, keys: Path) -> None:
    (signed / "signature.json").unlink()
    assert failing(signed) == set()
    assert failing(signed, key=str(keys / "ours.pub")) == {"signature"}


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(InputError):
        signing.private_key(str(tmp_path / "key"))
    with pytest.raises(InputError):
        signing.public_key(str(tmp_path / "key"))


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "key").write_bytes(pem)
    with pytest.raises(InputError):
        signing.private_key(str(tmp_path / "key"))
    with pytest.raises(InputError):
        signing.private_key(str(tmp_path / "none"))


def test_without_the_library_it_is_said(signed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.loads((signed / "signature.json").read_text())["public_key"]
    for name in list(sys.modules):
        if name.partition(".")[0] == "cryptography":
            monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(UsageError, match=r"carbon-crosswalk\[sign\]"):
        signing.generate("unused")
    found = {one.code: one.outcome for one in evidence.verify(signed).checks}
    assert found["signature"] == "skipped"
    assert failing(signed, key=text) == {"signature"}
