import pytest

from overt.frames.addresses import redact_address, scheme_of


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://user:secret@192.0.2.10/stream", "rtsp://192.0.2.10/stream"),
        ("rtsp://192.0.2.10:554/stream", "rtsp://192.0.2.10:554/stream"),
        ("rtsp://user:se/cr@et@192.0.2.10/stream", "rtsp://192.0.2.10/stream"),
        ("http://cam.example/video?user=admin&pwd=secret", "http://cam.example/video"),
        ("http://u:s@cam.example/video?a=x@y", "http://y"),
        ("https://u:s#cr@cam.example/video#secret", "https://cam.example/video"),
        ("clips/a.mp4", "clips/a.mp4"),
        ("/dev/video0", "/dev/video0"),
    ],
)
def test_an_address_is_shown_without_who_may_look(address: str, shown: str) -> None:
    assert redact_address(address) == shown
    assert "secret" not in redact_address(address)


def test_a_scheme_is_read_in_lower_case() -> None:
    assert scheme_of("RTSP://host/x") == "rtsp"


def test_a_path_has_no_scheme() -> None:
    assert scheme_of("clips/rtsp.mp4") is None
