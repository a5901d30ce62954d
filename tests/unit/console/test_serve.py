"""Where the console may listen, and which names it answers to."""

from pathlib import Path

import pytest

from overt.console.serve import Address, is_loopback, names_of, require_lawful
from overt.errors import Refused


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "localhost", "::1"])
def test_this_machine_alone_needs_no_certificate(host: str) -> None:
    require_lawful(Address(host))
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "van-3.example", ""])
def test_beyond_this_machine_it_takes_a_certificate(host: str) -> None:
    with pytest.raises(Refused, match="--tls-cert"):
        require_lawful(Address(host))


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    certificate = tmp_path / "cert.pem"
    certificate.write_text("")
    with pytest.raises(Refused, match="together"):
        require_lawful(Address("192.0.2.7", certificate=certificate))


def test_a_certificate_that_is_not_there_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "cert.pem"
    with pytest.raises(Refused, match="is no file"):
        require_lawful(Address("192.0.2.7", certificate=missing, key=missing))


def test_it_answers_to_its_own_names_with_its_port() -> None:
    assert names_of("127.0.0.1", 8630) == {"127.0.0.1:8630", "localhost:8630", "[::1]:8630"}


def test_it_answers_to_no_name_without_its_port() -> None:
    assert "localhost" not in names_of("127.0.0.1", 8630)
