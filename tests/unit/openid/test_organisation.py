"""Which organisation may be asked, and which addresses are its own."""

import pytest

from overt.errors import Refused
from overt.openid.organisation import Issuer, issuer_at, organisation, same_origin, subject


@pytest.mark.parametrize(
    "written",
    [
        "https://sign-in.example/realm",
        "http://127.0.0.1:8000",
        "http://[::1]/x",
        "http://localhost",
    ],
)
def test_an_issuer_is_asked_encrypted_or_on_this_machine(written: str) -> None:
    assert issuer_at(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "", "sign-in.example", "http://sign-in.example", "ftp://sign-in.example", "https://",
        "https://a.example?x=1", "https://a.example#x", "https://me:you@a.example",
        "https://a.example:none", "https://a .example", "https://é.example", "https://[::1",
        "file:///etc/passwd", "https://a.example/" + "x" * 2000,
    ],
)  # fmt: skip
def test_anything_else_is_no_issuer(written: str) -> None:
    with pytest.raises(Refused, match="issuer"):
        issuer_at(written)


@pytest.mark.parametrize(
    "address",
    [
        "http://sign-in.example/keys", "https://sign-in.example:8443/keys",
        "https://sign-in.example.evil.example/keys", "https://sign-in.example@evil.example/keys",
        "https://evil.example/keys", "//sign-in.example/keys", "", "https://sign-in.example:x/",
    ],
)  # fmt: skip
def test_an_address_elsewhere_is_not_the_issuers_own(address: str) -> None:
    issuer = Issuer("https://sign-in.example/realm")
    assert same_origin(issuer, "https://sign-in.example/realm/keys")
    assert not same_origin(issuer, address)


@pytest.mark.parametrize(
    ("name", "client", "strong"),
    [("", "overt", ()), ("x" * 81, "overt", ()), ("Kent", "", ()), ("Kent", "o", ("two words",))],
)
def test_a_configuration_that_cannot_work_is_refused(
    name: str, client: str, strong: tuple[str, ...]
) -> None:
    with pytest.raises(Refused):
        organisation(name, "https://sign-in.example", client, strong)


@pytest.mark.parametrize("written", ["", "two words", "x" * 256, "é"])
def test_a_subject_is_written_as_the_standard_writes_it(written: str) -> None:
    with pytest.raises(Refused, match="subject"):
        subject(written)
