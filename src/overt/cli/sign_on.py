"""`overt sign-on`: through which organisation people sign in on the console (OpenID Connect)."""

from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.typed_secret import typed_secret
from overt.gate.organisation import OrganisationLine
from overt.openid.organisation import organisation
from overt.units import iso

app = typer.Typer(
    help="Signing in through an organisation: it says who; roles and training stay here.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command("set")
def set_organisation(
    issuer: Annotated[str, typer.Argument(help="As the provider writes itself: https://...")],
    *,
    client_id: Annotated[str, typer.Option(help="Under which it knows this console.")],
    name: Annotated[str, typer.Option(help="What the button says: Sign in with NAME.")],
    strong: Annotated[
        list[str] | None,
        typer.Option(metavar="ACR", help="An `acr` that states two factors; once for each."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Configure the organisation; the client's secret comes from a prompt or a pipe.

    Give the provider the console's address with /sign-in/organisation/back as where it sends
    browsers. Then link each account to its person: overt users link ACCOUNT SUBJECT.
    """
    order = organisation(name, issuer, client_id, tuple(strong or ()))
    with acting() as (gate, actor):
        told = gate.set_organisation(actor, order, typed_secret("the client's secret: "))
    _tell(told, as_json=as_json)


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show the organisation and who is linked; never the secret."""
    with acting() as (gate, actor):
        told = gate.organisation_settings(actor)
    _tell(told, as_json=as_json)


@app.command()
def check(as_json: AsJson = False) -> None:
    """Ask the provider what it publishes, as a sign-in would."""
    with acting() as (gate, actor):
        found = gate.check_organisation(actor)
    answer(
        {
            "issuer": found.issuer, "authorises_at": found.authorises_at,
            "tokens_at": found.tokens_at, "keys_at": found.keys_at,
        },
        [
            f"{found.issuer} answers", f"  people sign in at {found.authorises_at}",
            f"  statements come from {found.tokens_at}", f"  keys are at {found.keys_at}",
        ],
        as_json=as_json,
    )  # fmt: skip


@app.command()
def remove(as_json: AsJson = False) -> None:
    """End signing in through the organisation, and every session of whoever is linked."""
    with acting() as (gate, actor):
        gate.remove_organisation(actor)
    answer({"organisation": None}, ["no organisation"], as_json=as_json)


def _tell(told: OrganisationLine, *, as_json: bool) -> None:
    one = told.organisation
    answer(
        {
            "organisation": one.name, "issuer": one.issuer, "client_id": one.client_id,
            "strong": list(one.strong), "set_by": told.set_by, "set_at": iso(told.set_at),
            "accounts": list(told.accounts),
        },
        [
            f"{one.name}  {one.issuer}", f"  known there as {one.client_id}",
            f"  two factors stated by amr mfa{''.join(f', acr {each}' for each in one.strong)}",
            f"  set by {told.set_by} at {iso(told.set_at)}",
            f"  linked: {', '.join(told.accounts) or 'nobody'}",
        ],
        as_json=as_json,
    )  # fmt: skip
