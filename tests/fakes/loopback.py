"""A server on loopback in a thread of its own, whose line can be cut and mended by a test."""

import asyncio
import contextlib
import socket
import ssl
from abc import ABC, abstractmethod
from threading import Thread
from typing import Self


class LoopbackServer(ABC):
    """Subclasses answer in `talk`; everything public may be called from the test's thread."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.stalled = False
        self.secured: ssl.SSLContext | None = None
        self._loop = asyncio.new_event_loop()
        self._door: asyncio.Task[None] | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._thread = Thread(target=self._loop.run_forever, name="fake-camera", daemon=True)

    @abstractmethod
    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None: ...

    def __enter__(self) -> Self:
        self._thread.start()
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def listen(self) -> None:
        """Listen on the same port as before, or on any free one."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)

    def kill(self) -> None:
        """Close the port and every connection at once, without a farewell."""
        asyncio.run_coroutine_threadsafe(self._kill(), self._loop).result(5)

    def hang_up(self) -> None:
        """Close every connection and go on listening."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(5)

    def stall(self) -> None:
        """Keep every connection and send nothing."""
        self.stalled = True

    def resume(self) -> None:
        self.stalled = False

    async def _listen(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        self._door = asyncio.create_task(self._welcome(listener))

    async def _welcome(self, listener: socket.socket) -> None:
        """Take every caller; a caller counts as met before any TLS greeting, so that none is lost."""
        with listener:
            while True:
                line, _ = await self._loop.sock_accept(listener)
                talk = asyncio.create_task(self._met(line))
                self._talks.add(talk)
                talk.add_done_callback(self._talks.discard)

    async def _met(self, line: socket.socket) -> None:
        self.connections += 1
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        with line, contextlib.suppress(OSError, asyncio.IncompleteReadError):
            transport, _ = await self._loop.connect_accepted_socket(
                lambda: protocol, line, ssl=self.secured
            )
            writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
            try:
                await self.talk(reader, writer)
                writer.close()
                await writer.wait_closed()
            finally:
                transport.abort()
                await asyncio.sleep(0)  # the transport lets go of the line in the next round

    async def _hang_up(self) -> None:
        talks = list(self._talks)
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0.01)  # the transports close in the loop's next rounds

    async def _kill(self) -> None:
        if self._door is not None:
            self._door.cancel()
            await asyncio.gather(self._door, return_exceptions=True)
        await self._hang_up()
