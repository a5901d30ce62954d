"""A small real RTSP camera on loopback: H.264 over interleaved TCP (RFC 2326, RFC 6184).

It loops a clip in real time, the same for every client, as a camera does, and can be made to
stall, hang up, die, come back, send garbage, start slowly, ask for a password, and tell its clock
in RTCP sender reports.
"""

import asyncio
import base64
import contextlib
import struct
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av
import numpy as np
from tests.fakes.clips import drawn
from tests.fakes.loopback import LoopbackServer

CLOCK_RATE: Final = 90_000
PAYLOAD: Final = 1200
NTP_EPOCH: Final = 2_208_988_800
SPS, PPS, IDR = 7, 8, 5
SSRC: Final = 0x0DDBA11


@dataclass(frozen=True)
class CameraFilm:
    """One access unit a frame, each a list of NAL units."""

    units: list[list[bytes]]
    rate: int

    def of_kind(self, kind: int) -> bytes:
        return next(nal for unit in self.units for nal in unit if nal[0] & 31 == kind)

    def is_key(self, index: int) -> bool:
        return any(nal[0] & 31 == IDR for nal in self.units[index % len(self.units)])


def camera_film(
    *, frames: int = 200, size: tuple[int, int] = (192, 96), rate: int = 25, gop: int = 10
) -> CameraFilm:
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = *size, "yuv420p"
    codec.framerate = Fraction(rate)
    codec.options = {"preset": "ultrafast", "tune": "zerolatency", "g": str(gop), "threads": "1"}
    pictures = [av.VideoFrame.from_ndarray(drawn(n, *size), "bgr24") for n in range(frames)]
    packets = [bytes(p) for frame in [*pictures, None] for p in codec.encode(frame)]
    return CameraFilm([nal_units(packet) for packet in packets], rate)


def nal_units(stream: bytes) -> list[bytes]:
    parts = stream.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return [part for part in parts if part]


def rtp_payloads(nal: bytes) -> list[bytes]:
    """A NAL unit whole, or in fragmentation units (FU-A)."""
    if len(nal) <= PAYLOAD:
        return [nal]
    indicator, kind = nal[0] & 0xE0 | 28, nal[0] & 31
    chunks = [nal[i : i + PAYLOAD] for i in range(1, len(nal), PAYLOAD)]
    last = len(chunks) - 1
    return [
        bytes([indicator, (0x80 if i == 0 else 0) | (0x40 if i == last else 0) | kind]) + chunk
        for i, chunk in enumerate(chunks)
    ]


class RtspServer(LoopbackServer):
    def __init__(
        self,
        film: CameraFilm,
        *,
        password: str | None = None,
        sender_reports: bool = False,
        clock_error: float = 0.0,
        first_wait: float = 0.0,
    ) -> None:
        super().__init__()
        self.film = film
        self.password = password
        self.sender_reports = sender_reports
        self.clock_error = clock_error
        self.first_wait = first_wait
        self.garbage = 0
        self.damaged = 0
        self.sent = 0
        self._chance = np.random.default_rng(1)
        self._began = time.monotonic()

    @property
    def address(self) -> str:
        user = f"viewer:{self.password}@" if self.password else ""
        scheme = "rtsps" if self.secured else "rtsp"
        return f"{scheme}://{user}127.0.0.1:{self.port}/stream"

    def send_garbage(self, length: int) -> None:
        """Put noise between two packets, where the next header should be."""
        self.garbage = length

    def damage_packets(self, packets: int) -> None:
        """Overwrite the middle of the next packets."""
        self.damaged = packets

    def now(self) -> int:
        """Return the frame that the camera shows at this moment, counted from its start."""
        return int((time.monotonic() - self._began) * self.film.rate)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.first_wait)
        playing: asyncio.Task[None] | None = None
        try:
            while request := await self._request(reader):
                verb, headers = request
                writer.write(self._answer(verb, headers))
                if verb == "PLAY" and playing is None:
                    playing = asyncio.create_task(self._play(writer))
                if verb == "TEARDOWN":
                    return
        finally:
            if playing is not None:
                playing.cancel()
                with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                    await playing

    async def _request(self, reader: asyncio.StreamReader) -> tuple[str, dict[str, str]] | None:
        while (first := await reader.read(1)) == b"$":  # the client's own RTCP
            _, length = struct.unpack(">BH", await reader.readexactly(3))
            await reader.readexactly(length)
        if not first:
            return None
        text = (first + await reader.readuntil(b"\r\n\r\n")).decode()
        start, *lines = text.strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        return start.split(" ")[0], {k.lower(): v for k, v in headers.items()}

    def _answer(self, verb: str, headers: dict[str, str]) -> bytes:
        fields, body = {"CSeq": headers.get("cseq", "0"), "Session": "1"}, ""
        status = "200 OK"
        if not self._admits(headers):
            status = "401 Unauthorized"
            fields["WWW-Authenticate"] = 'Basic realm="camera"'
        elif verb == "OPTIONS":
            fields["Public"] = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"
        elif verb == "DESCRIBE":
            body = self._description()
            fields |= {"Content-Type": "application/sdp", "Content-Length": str(len(body))}
        elif verb == "SETUP":
            fields["Transport"] = "RTP/AVP/TCP;unicast;interleaved=0-1"
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"RTSP/1.0 {status}\r\n{head}\r\n{body}".encode()

    def _admits(self, headers: dict[str, str]) -> bool:
        if self.password is None:
            return True
        wanted = base64.b64encode(f"viewer:{self.password}".encode()).decode()
        return headers.get("authorization") == f"Basic {wanted}"

    def _description(self) -> str:
        sps, pps = self.film.of_kind(SPS), self.film.of_kind(PPS)
        sets = ",".join(base64.b64encode(nal).decode() for nal in (sps, pps))
        return (
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\n"
            "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            f"a=fmtp:96 packetization-mode=1;profile-level-id={sps[1:4].hex()};"
            f"sprop-parameter-sets={sets}\r\na=control:track1\r\n"
        )

    async def _play(self, writer: asyncio.StreamWriter) -> None:
        index = self.now() + 1
        while not self.film.is_key(index):
            index += 1
        sequence, reported = 0, 0.0
        while True:
            await asyncio.sleep(self._began + index / self.film.rate - time.monotonic())
            while self.stalled:
                await asyncio.sleep(0.02)
                index = max(index, self.now())
            if self.sender_reports and time.monotonic() - reported > 1:
                reported = time.monotonic()
                writer.write(self._report(index))
            sequence = self._send(writer, index, sequence)
            await writer.drain()
            index += 1

    def _send(self, writer: asyncio.StreamWriter, index: int, sequence: int) -> int:
        unit = self.film.units[index % len(self.film.units)]
        payloads = [payload for nal in unit for payload in rtp_payloads(nal)]
        stamp = (index * CLOCK_RATE // self.film.rate) & 0xFFFFFFFF
        if self.garbage:
            writer.write(self._chance.bytes(self.garbage))
            self.garbage = 0
        for i, payload in enumerate(payloads):
            last = 0x80 if i == len(payloads) - 1 else 0
            head = struct.pack(">BBHII", 0x80, last | 96, sequence & 0xFFFF, stamp, SSRC)
            packet = head + self._perhaps_damaged(payload)
            writer.write(struct.pack(">BBH", 0x24, 0, len(packet)) + packet)
            sequence += 1
        self.sent += 1
        return sequence

    def _perhaps_damaged(self, payload: bytes) -> bytes:
        if not self.damaged:
            return payload
        self.damaged -= 1
        kept = len(payload) // 3
        return payload[:kept] + self._chance.bytes(len(payload) - kept)

    def _report(self, index: int) -> bytes:
        wall = time.time() + self.clock_error + NTP_EPOCH
        ntp = int(wall * 2**32)
        stamp = (index * CLOCK_RATE // self.film.rate) & 0xFFFFFFFF
        body = struct.pack(">BBHIQIII", 0x80, 200, 6, SSRC, ntp, stamp, self.sent, self.sent)
        return struct.pack(">BBH", 0x24, 1, len(body)) + body
