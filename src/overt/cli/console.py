"""`overt console`: the pages on which alerts are reviewed."""

from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import keep_keys_private
from overt.cli.answer import remark


def add_to(app: typer.Typer) -> None:
    app.command()(console)


def console(
    host: Annotated[
        str, typer.Option(help="Where to listen; beyond this machine only with TLS.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8630,
    open_browser: Annotated[bool, typer.Option("--open", help="Open a browser, too.")] = False,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
) -> None:
    """Serve the review pages on this machine, and print the link that signs one browser in."""
    # Slow to import, and only this command needs a web server.
    from overt.console.serve import Address, Serving, serve_console
    from overt.gate.gate import open_gate
    from overt.models.library import home_folder
    from overt.policy.access import Permission, require
    from overt.units import Clock

    address = Address(host, port, tls_cert, tls_key)
    clock = Clock()
    keep_keys_private()
    with open_gate(home_folder(), clock) as gate:
        require(gate.whoami(), Permission.OWN_ACCOUNT)
        folder = home_folder() if open_browser else None
        serve_console(gate, clock, address, Serving(remark, folder))
