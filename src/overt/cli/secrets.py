"""`overt secrets`: cameras' passwords. A value is read from a prompt or a pipe, never an argument."""

from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.typed_secret import typed_secret
from overt.units import iso

app = typer.Typer(
    help="Cameras' secrets: write {secret:NAME} in a camera's source.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Name = Annotated[str, typer.Argument(help="The name in {secret:NAME}.")]


@app.command("set")
def set_secret(name: Name, as_json: AsJson = False) -> None:
    """Seal a secret, in place of an earlier one: `user:password`, from a prompt or a pipe."""
    with acting() as (gate, actor):
        gate.set_secret(actor, name, typed_secret(f"{name} (user:password): "))
    answer({"secret": name}, [f"{name} is set"], as_json=as_json)


@app.command("list")
def list_secrets(as_json: AsJson = False) -> None:
    """List the names of the secrets; never a value."""
    with acting() as (gate, actor):
        secrets = gate.secrets(actor)
    answer(
        {
            "secrets": [
                {"secret": s.name, "set_by": s.set_by, "set_at": iso(s.set_at),
                 "delete_after": iso(s.delete_after)}
                for s in secrets
            ]
        },
        [f"{s.name}, set by {s.set_by} at {iso(s.set_at)}" for s in secrets] or ["no secrets"],
        as_json=as_json,
    )  # fmt: skip


@app.command()
def delete(name: Name, as_json: AsJson = False) -> None:
    """Destroy a secret."""
    with acting() as (gate, actor):
        gate.delete_secret(actor, name)
    answer({"secret": name}, [f"{name} is deleted"], as_json=as_json)
