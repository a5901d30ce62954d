"""Serve the console: on loopback by default, beyond it only encrypted.

Whoever starts it gets a link that signs one browser in, once; Enter in its terminal makes
another. The link is never logged, nor given to another program on its command line.
"""

import asyncio
import ipaddress
import os
import socket
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn

from overt.console.app import build_app
from overt.console.sign_in import SignIn
from overt.errors import Fault, Refused
from overt.gate.gate import Gate, expire_by_itself
from overt.units import Clock

PORT: Final = 8630
PURGE_EVERY: Final = 60.0
"""Seconds."""
GRACE: Final = 1
"""Seconds that open streams get when the console ends."""


@dataclass(frozen=True, slots=True)
class Address:
    host: str = "127.0.0.1"
    port: int = PORT
    """0: any that is free."""
    certificate: Path | None = None
    key: Path | None = None

    @property
    def https(self) -> bool:
        return self.certificate is not None


@dataclass(frozen=True, slots=True)
class Serving:
    """How the console makes itself known."""

    say: Callable[[str], None]
    """Tells the person at the terminal; the only place where the link appears."""
    open_from: Path | None = None
    """A folder closed to others, from which a browser is opened; None opens none."""


def serve_console(gate: Gate, clock: Clock, address: Address, serving: Serving) -> None:
    """Serve until interrupted. Raises Refused where the address cannot or may not be used."""
    require_lawful(address)
    sign_in = SignIn(clock.now)
    with _listening(address) as listener:
        port = listener.getsockname()[1]
        hosts = names_of(address.host, port)
        app = build_app(lambda: gate, sign_in=sign_in, hosts=hosts, https=address.https)
        base = f"{'https' if address.https else 'http'}://{_shown(address.host)}:{port}"

        def new_link() -> str:
            return f"{base}/sign-in?token={sign_in.new_link()}"

        server = uvicorn.Server(_config(app, address))
        opened = _announce(serving, new_link())
        try:
            served = _until_interrupted(server, listener, lambda: serving.say(new_link()))
            with suppress(KeyboardInterrupt):  # not raised where the server had ended already
                asyncio.run(_beside(served, _purging(gate, serving.say)))
            serving.say("console closed")
        finally:
            if opened is not None:
                opened.unlink(missing_ok=True)


def require_lawful(address: Address) -> None:
    """Faces cross a network only encrypted."""
    if (address.certificate is None) != (address.key is None):
        raise Refused("give --tls-cert and --tls-key together")
    for path in (address.certificate, address.key):
        if path is not None and not path.is_file():
            raise Refused(f"{path} is no file; give a PEM certificate and its key")
    if not address.https and not is_loopback(address.host):
        raise Refused(
            f"{address.host} is not this machine alone, and faces would cross the network in "
            "the open: give --tls-cert and --tls-key, or leave --host out"
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names_of(host: str, port: int) -> frozenset[str]:
    """What a browser may call this console in its Host header."""
    names = {_shown(host)} | ({"localhost", "127.0.0.1", "[::1]"} if is_loopback(host) else set())
    if host in {"0.0.0.0", "::"}:  # noqa: S104  not bound here; what was asked for is named
        names |= {socket.gethostname().lower(), socket.getfqdn().lower()}
    return frozenset(f"{name}:{port}" for name in names) | frozenset(
        names if port in {80, 443} else ()
    )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host.lower()


def _listening(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
        listener.listen()  # now: a browser may come before the server is ready
    except (OSError, OverflowError) as error:
        listener.close()
        why = getattr(error, "strerror", None) or str(error)
        raise Refused(
            f"cannot listen on {address.host} port {address.port}: {why}; choose another --port"
        ) from None
    return listener


def _config(app: object, address: Address) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # Starlette's and uvicorn's names for the same protocol
        log_level="error",
        access_log=False,  # a sign-in link must not end in a log
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
    )


async def _beside(served: Awaitable[None], always: Coroutine[Any, Any, None]) -> None:
    """Do something over and over for as long as pages are served."""
    task = asyncio.create_task(always)
    try:
        await served
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _purging(gate: Gate, say: Callable[[str], None]) -> None:
    """Nothing outlives its date while the console is open; each alarm is told once."""
    told: set[str] = set()
    while True:
        try:
            raised = await asyncio.to_thread(expire_by_itself, gate)
        except Fault as fault:  # a full disk, say: told, and tried again
            raised = (f"NOTHING COULD BE PURGED: {fault}",)
        for alarm in raised:
            if alarm not in told:
                say(alarm)
        told.update(raised)
        await asyncio.sleep(PURGE_EVERY)


async def _until_interrupted(
    server: uvicorn.Server, listener: socket.socket, on_enter: Callable[[], None]
) -> None:
    if sys.stdin is not None and sys.stdin.isatty():

        def entered() -> None:
            if sys.stdin.readline():
                on_enter()

        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), entered)
    await server.serve(sockets=[listener])


def _announce(serving: Serving, link: str) -> Path | None:
    serving.say(f"Sign in here, once: {link}")
    if sys.stdin is not None and sys.stdin.isatty():
        serving.say("Enter makes a new link, Ctrl-C closes the console.")
    if serving.open_from is None:
        return None
    # Other accounts can read the command line of a browser, but not this file.
    page = serving.open_from / f"sign-in-{os.getpid()}.html"
    with open(page, "w", encoding="utf-8", opener=_private) as file:
        file.write(f'<!doctype html><meta http-equiv="refresh" content="0;url={link}">')
    webbrowser.open(page.as_uri())
    return page


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
