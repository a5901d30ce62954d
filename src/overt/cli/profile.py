"""`overt profile`: the rules that a deployment is held to, as a lawyer can read and compare them."""

from typing import Annotated

import typer

from overt.cli.answer import answer
from overt.cli.deployment_moves import AsJson
from overt.policy.profile import as_json as plain
from overt.policy.profile_in_words import differences, in_words
from overt.policy.profiles import PROFILES, profile_named
from overt.policy.retention_in_words import notice_in_words

app = typer.Typer(help="Profiles: the rules by jurisdiction.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The profile's name.")]


@app.command("list")
def list_profiles(as_json: AsJson = False) -> None:
    """List the profiles with their versions and digests."""
    found = PROFILES.values()
    answer(
        {"profiles": [{"profile": p.id, "digest": p.digest, "title": p.title} for p in found]},
        [f"{p.id}  {p.digest[:19]}  {p.title}" for p in found],
        as_json=as_json,
    )


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show everything that a profile allows, asks for and waives."""
    profile = profile_named(name)
    answer({**plain(profile), "digest": profile.digest}, in_words(profile), as_json=as_json)


@app.command()
def diff(first: Name, second: Name, as_json: AsJson = False) -> None:
    """Show where two profiles differ, in words."""
    found = list(differences(profile_named(first), profile_named(second)))
    answer(
        {"differences": [{"what": d.what, first: d.first, second: d.second} for d in found]},
        [line for each in found for line in each.lines(first, second)] or ["no differences"],
        as_json=as_json,
    )


@app.command()
def notice(name: Name, as_json: AsJson = False) -> None:
    """Write what a public notice owes to whoever passes by: what is kept, and for how long."""
    profile = profile_named(name)
    sentences = list(notice_in_words(profile))
    answer({"profile": profile.id, "sentences": sentences}, sentences, as_json=as_json)
