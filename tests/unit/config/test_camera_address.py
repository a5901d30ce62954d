"""Secrets stand in addresses by name, and are filled in so that the address stays one."""

import pytest

from overt.config.camera_address import address_fault, secrets_named, with_secrets


def test_the_named_secrets_are_found_once_each() -> None:
    assert secrets_named("rtsp://{secret:a}:{secret:b}@h/{secret:a}") == ("a", "b")


@pytest.mark.parametrize(
    ("source", "value", "address"),
    [
        (
            "rtsp://{secret:n}@192.0.2.1/s",
            "admin:p@ss/w:d",
            "rtsp://admin:p%40ss%2Fw%3Ad@192.0.2.1/s",
        ),
        ("rtsp://admin:{secret:n}@192.0.2.1/s", "plain", "rtsp://admin:plain@192.0.2.1/s"),
        ("http://192.0.2.1/s?key={secret:n}", "a&b", "http://192.0.2.1/s?key=a%26b"),
    ],
)
def test_a_secret_is_encoded_for_where_it_stands(source: str, value: str, address: str) -> None:
    assert with_secrets(source, {"n": value}) == address


@pytest.mark.parametrize(
    "source",
    ["clips/a.mp4", "/dev/video0", "rtsp://{secret:n}@192.0.2.1/s", "rtsp://viewer@192.0.2.1/s",
     "rtsp://viewer:{secret:n}@192.0.2.1/s", "http://192.0.2.1/s?fps=5&key={secret:n}",
     "rtsp://192.0.2.1/user=admin_password={secret:n}_channel=1.sdp",
     "http://192.0.2.1/pass/stream?token={secret:n}&fps=5"],
)  # fmt: skip
def test_an_address_without_a_literal_secret_may_be_signed(source: str) -> None:
    assert address_fault(source) is None


@pytest.mark.parametrize(
    "source",
    ["rtsp://u:hunter2@192.0.2.1/s", "rtsp://u:p@ss@192.0.2.1/s", "http://h/s?PASSWORD=hunter2",
     "rtsp://u:{secret:n}x@h/s", "rtsp://h/user=admin_password=hunter2_channel=1.sdp",
     "http://h/s?loginuse=a&loginpas=hunter2", "http://h/s?access_token=hunter2",
     "http://h/s;password=hunter2", "http://h/s#pwd=hunter2"],
)  # fmt: skip
def test_an_address_with_a_literal_secret_may_not(source: str) -> None:
    fault = address_fault(source)
    assert fault is not None
    assert "hunter2" not in fault
