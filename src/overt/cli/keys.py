"""`overt keys`: officers' keys, made, trusted, revoked, listed."""

from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.gate.keys import PRIVATE_FILE, PUBLIC_FILE, KeyLine
from overt.policy.officer_key import OfficerKey
from overt.units import iso

app = typer.Typer(
    help="Officers' keys: only a trusted key's signature opens a deployment.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Rank = Annotated[
    str, typer.Option(help="The officer's rank: part of whatever the key signs, and published.")
]
PublicFile = Annotated[Path, typer.Argument(metavar="FILE.pub", help="An officer's public key.")]


@app.command()
def new(
    name: Annotated[str, typer.Option(help="The authorising officer's name.")],
    out: Annotated[Path, typer.Option(help="The folder for officer.key and officer.pub.")],
    rank: Rank = "",
    as_json: AsJson = False,
) -> None:
    """Make a key pair and trust it as an authorising officer's.

    officer.key signs deployments: keep it with the officer, away from this machine.
    """
    with acting() as (gate, actor):
        key = gate.new_officer_key(actor, name, out, rank=rank)
    private, public = out / PRIVATE_FILE, out / PUBLIC_FILE
    answer(
        {**_facts(key), "private_key": str(private), "public_key": str(public)},
        [f"{key.name}, key {key.id}, is trusted", f"{private} signs; {public} is public"],
        as_json=as_json,
    )


@app.command()
def trust(file: PublicFile, rank: Rank = "", as_json: AsJson = False) -> None:
    """Trust a key that was made elsewhere."""
    with acting() as (gate, actor):
        key = gate.trust_officer_key(actor, file, rank=rank)
    answer(_facts(key), [f"{key.name}, key {key.id}, is trusted"], as_json=as_json)


@app.command()
def revoke(file: PublicFile, as_json: AsJson = False) -> None:
    """Revoke a key for good: what it signed opens no more, and what is open stops."""
    with acting() as (gate, actor):
        key = gate.revoke_officer_key(actor, file)
    answer(_facts(key), [f"{key.name}, key {key.id}, is revoked"], as_json=as_json)


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List every key, trusted or revoked."""
    with acting() as (gate, actor):
        keys = gate.officer_keys(actor)
    answer(
        {"keys": [_line_facts(key) for key in keys]},
        [
            f"{key.state.value:<8} {key.id}  {key.name}{_ranked(key)}, since {iso(key.added_at)}"
            for key in keys
        ]
        or ["no keys; overt keys new makes one"],
        as_json=as_json,
    )


def _ranked(key: KeyLine) -> str:
    return f", {key.rank}" if key.rank else ""


def _facts(key: OfficerKey) -> dict[str, object]:
    return {"name": key.name, "key": key.id}


def _line_facts(key: KeyLine) -> dict[str, object]:
    return {
        "key": key.id,
        "name": key.name,
        "rank": key.rank,
        "state": key.state.value,
        "added_by": key.added_by,
        "added_at": iso(key.added_at),
        "revoked_at": iso(key.revoked_at) if key.revoked_at else None,
    }
