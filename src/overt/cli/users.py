"""`overt users`: accounts, roles, training, and the founder's hand-over."""

from datetime import UTC, datetime, time
from enum import Enum
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer, remark
from overt.errors import Refused
from overt.gate.people import Held, UserLine
from overt.identifiers import ActorId
from overt.policy.access import Role
from overt.units import UtcTime, iso, utc

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
