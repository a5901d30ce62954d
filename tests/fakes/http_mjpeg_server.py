"""A small real HTTP camera on loopback: motion JPEG in multipart, or a transport stream."""

import asyncio
import base64
import time
from typing import Final

import cv2
from tests.fakes.clips import drawn
from tests.fakes.loopback import LoopbackServer

BOUNDARY: Final = "picture"


class MjpegServer(LoopbackServer):
    def __init__(
        self,
        *,
        size: tuple[int, int] = (192, 96),
        rate: float = 25.0,
        password: str | None = None,
        transport_stream: bytes | None = None,
    ) -> None:
        super().__init__()
        self.size = size
        self.rate = rate
        self.password = password
        self.transport_stream = transport_stream
        self.garbage = 0
        self._began = time.monotonic()

    @property
    def address(self) -> str:
        user = f"viewer:{self.password}@" if self.password else ""
        scheme = "https" if self.secured else "http"
        return f"{scheme}://{user}127.0.0.1:{self.port}/video"

    def send_garbage(self, pictures: int) -> None:
        """Send noise in place of the next pictures."""
        self.garbage = pictures

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        if not self._admits(request):
            writer.write(
                b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=camera\r\n"
                b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
        elif self.transport_stream is not None:
            await self._send_stream(writer, self.transport_stream)
        else:
            await self._send_pictures(writer)

    def _admits(self, request: str) -> bool:
        if self.password is None:
            return True
        wanted = base64.b64encode(f"viewer:{self.password}".encode()).decode()
        return f"Authorization: Basic {wanted}" in request

    async def _send_pictures(self, writer: asyncio.StreamWriter) -> None:
        writer.write(
            f"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary={BOUNDARY}"
            "\r\n\r\n".encode()
        )
        while True:
            index = int((time.monotonic() - self._began) * self.rate) + 1
            await asyncio.sleep(self._began + index / self.rate - time.monotonic())
            if self.stalled:
                continue
            picture = self._picture(index)
            writer.write(
                f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
                f"Content-Length: {len(picture)}\r\n\r\n".encode()
                + picture
                + b"\r\n"
            )
            await writer.drain()

    def _picture(self, index: int) -> bytes:
        if self.garbage:
            self.garbage -= 1
            return b"\xff\xd8" + bytes(500) + b"\xff\xd9"
        # 4096 numbers fit into the bars of a picture.
        done, picture = cv2.imencode(".jpg", drawn(index % 4096, *self.size))
        assert done
        return picture.tobytes()

    async def _send_stream(self, writer: asyncio.StreamWriter, stream: bytes) -> None:
        """Send a recorded stream at about real time, then end."""
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
        for start in range(0, len(stream), 1880):
            writer.write(stream[start : start + 1880])
            await writer.drain()
            await asyncio.sleep(0.01)
