"""The tables of roles, permissions, conflicts and doors in words, for docs/roles.md."""

from collections.abc import Iterable
from typing import Final

from overt.policy.access import NOT_GRANTED, ROLES, Permission, Role
from overt.policy.conflicts import DUTIES_APART, ROLES_APART, waives_separation
from overt.policy.doors import METHODS, ROUTES
from overt.policy.profiles import PROFILES
from overt.policy.training import TRAINING

_PREAMBLE: Final = """\
# Who may do what

Generated from `src/overt/policy/` by `make docs`; `make check` compares.

The first command in an empty `OVERT_HOME` makes its account the *founder*, who may do everything,
under a profile that waives separation of duties only. Before a profile that keeps duties apart can
be used, the founder makes accounts (`overt users add`), grants roles (`grant`), records training
(`train`), makes credentials (`credentials`) and hands over (`hand-over`), which nothing undoes. From
then on the founder is an administrator and no more.

People sign in on the console's pages, or on a command line with
`eval "$(overt users sign-in ACCOUNT)"`, by password and one-time code; on the pages also through their
organisation, where one is configured (`overt sign-on`, [sign-on.md](sign-on.md)): it says who somebody
is, and nothing else. Without a session the actor on a command line is the account of the operating
system.

The gate reads at every act which roles stand: granted by a line of the log, not withdrawn, of an
account that is not disabled, and with training in force where the role takes one. What a person with
the machine's own rights can still do is in [caveats.md](caveats.md).
"""


def roles_in_words() -> str:
    """Give the page docs/roles.md."""
    parts = (_PREAMBLE, _roles(), _apart(), _duties(), _doors())
    return "\n".join(parts)


def _table(head: str, rows: Iterable[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|" + "---|" * columns, *rows]) + "\n"


def _roles() -> str:
    rows = [f"| {role.value} | {_training(role)} | {_permissions(ROLES[role])} |" for role in Role]
    return "## Roles\n\n" + _table("| role | training lasts | may |", rows)


def _training(role: Role) -> str:
    lasts = None if role in NOT_GRANTED else TRAINING[role]
    return "none asked" if lasts is None else f"{lasts.days} days at most"


def _permissions(held: frozenset[Permission]) -> str:
    if len(held) == len(Permission) - 1:
        return "everything but raise an alert"
    return ", ".join(permission.value for permission in Permission if permission in held)


def _apart() -> str:
    rows = sorted(
        f"| {' and '.join(sorted(role.value for role in pair))} | {why} |"
        for pair, why in ROLES_APART.items()
    )
    return "## Roles that one account does not hold together\n\n" + _table("| roles | why |", rows)


def _duties() -> str:
    rows = [
        f"| {done.value} | {then.value} | {why} |"
        for done, excluded in DUTIES_APART.items()
        for then, why in excluded.items()
    ]
    waiving = ", ".join(f"`{name}`" for name in sorted(PROFILES) if waives_separation(name))
    return (
        "## What one person does not do twice to the same thing\n\n"
        f"Waived, with a banner, by the profiles {waiving}; so is the second judgement.\n\n"
        + _table("| whoever | is not the one who | why |", rows)
    )


def _doors() -> str:
    methods = [f"| `{name}` | {METHODS[name].value} |" for name in sorted(METHODS)]
    pages = [
        f"| `{method} {path}` | {asked.value} |"
        for (method, path), asked in sorted(ROUTES.items(), key=lambda row: (row[0][1], row[0][0]))
    ]
    return (
        "## Methods of the gate\n\n"
        + _table("| method | permission |", methods)
        + "\n## Pages of the console\n\n"
        + _table("| page | permission |", pages)
    )
