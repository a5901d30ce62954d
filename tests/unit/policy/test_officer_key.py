"""Officers' keys are read strictly, and a signature is one key's over one message."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from overt.errors import Refused
from overt.policy.officer_key import (
    SigningKey,
    officer_name,
    read_public_key,
    read_signing_key,
)

KEY = SigningKey("Sgt. Ångström", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = SigningKey("Other", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


def test_both_files_are_read_back_as_they_were_written() -> None:
    assert read_public_key(KEY.public.text().encode(), file="officer.pub") == KEY.public
    read = read_signing_key(KEY.text().encode(), file="officer.key")
    assert read.public == KEY.public


def test_a_signature_is_one_keys_over_one_message() -> None:
    signature = KEY.sign(b"message")
    assert KEY.public.made(signature, b"message")
    assert not KEY.public.made(signature, b"another")
    assert not OTHER.public.made(signature, b"message")
    assert not KEY.public.made(signature[:-1], b"message")


def test_the_fingerprint_is_the_keys_and_not_the_names() -> None:
    renamed = SigningKey("Another", KEY.private)
    assert renamed.public.id == KEY.public.id
    assert KEY.public.id != OTHER.public.id


def test_the_private_key_is_never_shown() -> None:
    assert "Ed25519" not in repr(KEY)


def pem(private: object, password: bytes | None = None) -> bytes:
    protection = BestAvailableEncryption(password) if password else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)  # type: ignore[attr-defined, no-any-return]  # either kind of key


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no officer's key"),
        (b"\xff\xfe", "no officer's key"),
        (b"x" * 20_000, "no officer's key"),
        (KEY.public.text().encode(), "holds a public key, not a private key"),
        (pem(KEY.private, b"secret"), "holds a encrypted private key"),
        (pem(generate_private_key(SECP256R1())), "another kind than Ed25519"),
        (KEY.text().encode().replace(b"BEGIN PRIVATE KEY-----\n", b"BEGIN PRIVATE KEY-----\nAA"), "no private key that can be read"),
    ],
)  # fmt: skip
def test_what_is_no_private_key_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        read_signing_key(content, file="officer.key")
    assert "officer.key" in str(refused.value)


def test_a_private_key_is_no_public_key() -> None:
    with pytest.raises(Refused, match="holds a private key"):
        read_public_key(KEY.text().encode(), file="officer.pub")


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x00b", "a\u202eb"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        officer_name(name)
