"""`overt users`: accounts, roles, training, and the founder's hand-over."""

import getpass
import os
import sys
from datetime import UTC, datetime, time
from enum import Enum
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer, remark
from overt.errors import Refused
from overt.gate.credentials import Enrolment
from overt.gate.gate import open_gate
from overt.gate.people import SESSION, Held, UserLine
from overt.gate.session_standing import Way
from overt.identifiers import ActorId
from overt.models.library import home_folder
from overt.openid.organisation import subject as as_subject
from overt.policy.access import Role
from overt.units import Clock, UtcTime, iso, utc

app = typer.Typer(help="Accounts: who may do what, and until when.", no_args_is_help=True)

User = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


class Grantable(Enum):
    """The roles that an account may hold, as typed."""

    ADMINISTRATOR = Role.ADMINISTRATOR.value
    LIST_BUILDER = Role.LIST_BUILDER.value
    AUTHORISING_OFFICER = Role.AUTHORISING_OFFICER.value
    OPERATOR = Role.OPERATOR.value
    ENGAGEMENT_OFFICER = Role.ENGAGEMENT_OFFICER.value
    ENGINEER = Role.ENGINEER.value
    ASSESSOR = Role.ASSESSOR.value
    AUDITOR = Role.AUDITOR.value


Roles = Annotated[list[Grantable], typer.Argument(metavar="ROLE...", help="One or more roles.")]


@app.command()
def add(account: User, as_json: AsJson = False) -> None:
    """Make an account. It may do nothing before it is granted a role."""
    with acting() as (gate, actor):
        user = gate.add_user(actor, ActorId(account))
    _answer(user, as_json=as_json)


@app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List every account, its roles, and until when it is trained for each."""
    with acting() as (gate, actor):
        users = gate.users(actor)
    answer(
        {"users": [_facts(user) for user in users]},
        [line for user in users for line in _lines(user)],
        as_json=as_json,
    )


@app.command()
def me(as_json: AsJson = False) -> None:
    """Show the account that acts here, and which of its roles stand."""
    with acting() as (gate, actor):
        user = gate.own_account(actor)
    _answer(user, as_json=as_json)


@app.command()
def grant(account: User, roles: Roles, as_json: AsJson = False) -> None:
    """Grant roles. Those that one person may not hold together are refused."""
    with acting() as (gate, actor):
        granted = gate.grant_roles(actor, ActorId(account), _chosen(roles))
    if granted.warning:
        remark(f"warning: {granted.warning}")
    _answer(granted.user, as_json=as_json)


@app.command()
def withdraw(account: User, roles: Roles, as_json: AsJson = False) -> None:
    """Withdraw roles, at once."""
    with acting() as (gate, actor):
        user = gate.withdraw_roles(actor, ActorId(account), _chosen(roles))
    _answer(user, as_json=as_json)


@app.command()
def train(
    account: User,
    roles: Roles,
    until: Annotated[str, typer.Option(help="The day on which it ends, ISO 8601 (UTC).")],
    as_json: AsJson = False,
) -> None:
    """Record that somebody is trained for roles, and until when."""
    ends = _day(until)
    with acting() as (gate, actor):
        user = gate.record_training(actor, ActorId(account), _chosen(roles), until=ends)
    _answer(user, as_json=as_json)


@app.command()
def disable(account: User, as_json: AsJson = False) -> None:
    """Close an account at once, with every sign-in that it has."""
    with acting() as (gate, actor):
        user = gate.disable_user(actor, ActorId(account))
    _answer(user, as_json=as_json)


@app.command()
def enable(account: User, as_json: AsJson = False) -> None:
    """Open a disabled account again."""
    with acting() as (gate, actor):
        user = gate.enable_user(actor, ActorId(account))
    _answer(user, as_json=as_json)


@app.command()
def credentials(account: User, as_json: AsJson = False) -> None:
    """Make a new password and authenticator secret for an account; shown once, kept nowhere."""
    with acting() as (gate, actor):
        made = gate.set_credentials(actor, ActorId(account))
    answer(
        {"account": made.account, "password": made.password, "authenticator": made.authenticator},
        [
            *_told(made),
            "Hand both to the person, apart from each other; they are not shown again.",
            "Their first use gives the person others, which nobody else has seen.",
        ],
        as_json=as_json,
    )


@app.command()
def link(
    account: User,
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="The person's `sub` at the organisation.")
    ],
    as_json: AsJson = False,
) -> None:
    """Let a person of the organisation sign in as this account, and as no other, for good."""
    with acting() as (gate, actor):
        gate.link_subject(actor, ActorId(account), as_subject(subject))
    answer({"account": account, "linked": True}, [f"{account} is linked"], as_json=as_json)


@app.command()
def unlink(account: User, as_json: AsJson = False) -> None:
    """End a link, and every session of the account."""
    with acting() as (gate, actor):
        gate.unlink_subject(actor, ActorId(account))
    answer({"account": account, "linked": False}, [f"{account} is not linked"], as_json=as_json)


@app.command("sign-in")
def sign_in(account: User) -> None:
    """Sign in on this command line, for an hour: eval "$(overt users sign-in ACCOUNT)".

    Asks for the password and the authenticator's code on the terminal, or reads them as two lines
    where there is none. What somebody else made is replaced at its first use, by your own.
    """
    password, code = _asked()
    with open_gate(home_folder(), Clock()) as gate:
        told = gate.sign_in(ActorId(account), password=password, code=code, way=Way.COMMAND_LINE)
    print(f"export {SESSION}={told.token}")
    if (new := told.renewed) is not None:
        remark(f"{new.by} made these credentials on {iso(new.made_at)} and knows them: they end.")
        remark("\n".join(["Yours, shown this once:", *_told(new.own)]))
    remark(f"signed in as {told.account} until {iso(told.ends_at)}")


@app.command("sign-out")
def sign_out(
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="Every browser and command line.")
    ] = False,
) -> None:
    """End the session of this command line, or every session of the account."""
    with acting() as (gate, actor):
        if everywhere:
            gate.sign_out_everywhere(actor)
        else:
            gate.sign_out(actor, os.environ.get(SESSION, ""))
    remark(f"signed out; unset {SESSION}")


def _told(made: Enrolment) -> list[str]:
    return [
        f"account        {made.account}",
        f"password       {made.password}",
        f"authenticator  {made.authenticator}",
    ]


def _asked() -> tuple[str, str]:
    """Never as arguments: other accounts can read those."""
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass("password: "), getpass.getpass("code: ")
    lines = [sys.stdin.readline().strip() for _ in range(2)] if sys.stdin is not None else ["", ""]
    return lines[0], lines[1]


@app.command("hand-over")
def hand_over(as_json: AsJson = False) -> None:
    """End the founder's rights, for good: from then on every duty is somebody's own.

    Profiles that keep duties apart (uk-police-2026) can be used only after this.
    """
    with acting() as (gate, actor):
        user = gate.hand_over(actor)
    _answer(user, as_json=as_json)


def _chosen(roles: list[Grantable]) -> frozenset[Role]:
    return frozenset(Role(role.value) for role in roles)


def _day(written: str) -> UtcTime:
    try:
        day = datetime.fromisoformat(written)
    except ValueError:
        raise Refused(f"--until {written[:40]!r} is no date like 2027-05-31") from None
    return utc(datetime.combine(day.date(), time(), UTC) if day.tzinfo is None else day)


def _answer(user: UserLine, *, as_json: bool) -> None:
    answer(_facts(user), _lines(user), as_json=as_json)


def _facts(user: UserLine) -> dict[str, object]:
    return {
        "account": user.id,
        "added_at": iso(user.added_at),
        "disabled": user.disabled,
        "roles": [
            {
                "role": held.role.value,
                "stands": held.stands,
                "trained_until": iso(held.trained_until) if held.trained_until else None,
            }
            for held in user.roles
        ],
    }


def _lines(user: UserLine) -> list[str]:
    told = "disabled" if user.disabled else "" if user.roles else "no roles"
    return [f"{user.id}  {told}".rstrip(), *(f"  {_held(held)}" for held in user.roles)]


def _held(held: Held) -> str:
    trained = f", trained until {iso(held.trained_until)}" if held.trained_until else ""
    return f"{held.role.value}{trained}{'' if held.stands else ': cannot be used now'}"
