"""How each kind of live camera is opened, and what is said when that fails.

A webcam (v4l2) could not be tried where this was written, for want of a device: its opening sits
behind `Opener`, and the tests put a recording there. Network cameras are opened directly, never
through a proxy named in the environment, and with every protocol but their own shut off, so that
a playlist served by a camera cannot make the program read files.
"""

import errno
import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import av
from av import error
from av.container import InputContainer
from av.error import FFmpegError

from overt.frames.addresses import scheme_of
from overt.units import Seconds

RTSP_SCHEMES: Final = frozenset({"rtsp", "rtsps"})
HTTP_SCHEMES: Final = frozenset({"http", "https"})
SECURE_SCHEMES: Final = frozenset({"rtsps", "https"})

RTSP_OPTIONS: Final[Mapping[str, str]] = {
    "rtsp_transport": "tcp",  # UDP loses packets, and a lost packet is a smeared face
    "allowed_media_types": "video",
    "protocol_whitelist": "rtsp,rtsps,rtp,tcp,tls,crypto",
    # A third of a second to the first picture instead of a whole one (measured).
    "probesize": "200000",
    "analyzeduration": "500000",
}
HTTP_OPTIONS: Final[Mapping[str, str]] = {
    "protocol_whitelist": "http,https,tcp,tls,crypto",
    "http_proxy": "",
    "probesize": "500000",
    "analyzeduration": "500000",
}
WEBCAM_OPTIONS: Final[tuple[Mapping[str, str], ...]] = (
    {"input_format": "mjpeg", "video_size": "1280x720"},  # most give 720p only compressed
    {},
)

Opener = Callable[[str, str | None, Mapping[str, str]], InputContainer]


OPENING: Final = Seconds(5.0)
READING: Final = Seconds(0.5)
"""FFmpeg holds the last frame until the next packet or this; then the line is read on."""


def open_with_pyav(address: str, layout: str | None, options: Mapping[str, str]) -> InputContainer:
    return av.open(
        address,
        format=layout,
        options=dict(options),
        timeout=(OPENING, READING),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """What it takes to open one live camera, again and again."""

    address: str = field(repr=False)  # it may hold a password
    layout: str | None
    attempts: tuple[Mapping[str, str], ...]
    """Options to try in turn; the last one's failure is the failure."""
    opener: Opener = open_with_pyav
    secure: bool = False

    def dial(self) -> InputContainer:
        for options in self.attempts[:-1]:
            try:
                return self.opener(self.address, self.layout, options)
            except FFmpegError:
                continue
        return self.opener(self.address, self.layout, self.attempts[-1])


def rtsp_line(address: str) -> Line:
    return _network_line(address, RTSP_OPTIONS)


def http_line(address: str) -> Line:
    return _network_line(address, HTTP_OPTIONS)


def _network_line(address: str, options: Mapping[str, str]) -> Line:
    secure = scheme_of(address) in SECURE_SCHEMES
    attempt = {**options, **trust()} if secure else options
    return Line(address, None, (attempt,), secure=secure)


def trust() -> Mapping[str, str]:
    """FFmpeg verifies nobody unless it is told to, and then needs the authorities by name.

    They are the system's, or those in the file that SSL_CERT_FILE names.
    """
    return {"tls_verify": "1", "ca_file": ssl.get_default_verify_paths().cafile or os.devnull}


def webcam_line(device: str, opener: Opener = open_with_pyav) -> Line:
    return Line(device, "v4l2", WEBCAM_OPTIONS, opener)


REASONS: Final[Mapping[type[Exception], str]] = {
    error.ExitError: "it does not answer or has stopped sending",
    error.TimeoutError: "it does not answer",
    error.ConnectionRefusedError: "it refuses the connection",
    error.ConnectionResetError: "it broke the connection",
    error.BrokenPipeError: "it broke the connection",
    error.HTTPUnauthorizedError: "it refuses the user or the password",
    error.HTTPForbiddenError: "it refuses the user or the password",
    error.HTTPNotFoundError: "it has no stream at this path",
    error.InvalidDataError: "it sends nothing that can be read as video",
    error.FileNotFoundError: "there is no such device",
    error.PermissionError: "no permission to read the device (is the account in group video?)",
    error.EOFError: "it ended the stream",
}


def reason_of(trouble: FFmpegError, *, secure: bool = False) -> str:
    """Say why in words that never hold the address: FFmpeg's own message does."""
    for kind, reason in REASONS.items():
        if isinstance(trouble, kind):
            return reason
    if secure and trouble.errno == errno.EIO:
        return (
            "it broke the connection, or its certificate is not trusted (SSL_CERT_FILE may name "
            "the authorities)"
        )
    return f"it failed: {trouble.strerror or type(trouble).__name__}"
