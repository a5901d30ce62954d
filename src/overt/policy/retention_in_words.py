"""The table of retention in words: for docs/retention.md, and for the notice that the public reads."""

from collections.abc import Iterator
from typing import Final

from overt.policy.profile import Profile
from overt.policy.profiles import PROFILES
from overt.policy.retention import RETENTION, ROWS, UNDATED, RecordKind, Retention
from overt.policy.span import in_words as span_in_words

_PREAMBLE: Final = """\
# How long everything is kept

Generated from `src/overt/policy/retention.py` by `make docs`; `make check` compares. The program
computes the date of every row from the same table when the row is made, and `overt profile notice`
writes the sentences of a public notice from it.

A row past its date is deleted by whatever opens the records next, before anybody can read it, by
a run when it ends, and each minute by an open console. The key that sealed it is destroyed with it,
which makes the copies in every backup unreadable (ADR 4, ADR 18). Where nothing is open, nothing is
deleted: let a timer run `overt purge` every quarter of an hour ([purge-timer.md](purge-timer.md)). Its status is 2 where something was
destroyed more than an hour after its time, is left, or a hold was not reviewed in time. When rows,
keys and journal were seen to be gone, a line of the log says so; `overt receipt export` signs it.

An alert under a legal hold (`overt holds`) stays beyond its time, with its evidence and nothing
else, until somebody else than who placed it releases it. What no program can promise about disks and copies is in
[caveats.md](caveats.md).
"""
_ACCOUNTS: Final = """\
An account that is due is looked at before it goes: one that acted meanwhile lives on, counted from
its last act, and so does the last that can administer others. Nobody is locked out by a date."""
_FILES: Final = """\
## Files that people ask for

These leave the records, and no date follows them: whoever asked for one answers for it.

| file | made by | holds |
|---|---|---|
| events | `overt run --events FILE` | alerts with subject ids and similarities; no image, no template |
| export of the log | `overt audit export FILE` | ids and counts |
| backup | `overt backup FILE` | everything, sealed; its keys lie beside it, in `overt.keys` |
| disclosed evidence | `overt alerts show --out FOLDER` | the images of one alert, for the recipient who is named |
| list as it was handed in | the list builder | images; overt reads it and does not delete it |
"""


def retention_in_words() -> str:
    """Give the page docs/retention.md."""
    parts = [_profile_table(profile) for profile in PROFILES.values()]
    return "\n".join([_PREAMBLE, *parts, _rows_table(), _FILES])


def notice_in_words(profile: Profile) -> Iterator[str]:
    """The sentences that a public notice owes to whoever passes by (Articles 13 and 14 UK GDPR)."""
    table = RETENTION[profile.name]
    yield (
        "Your face is compared in memory while you pass. If it resembles nobody on the list it is "
        "overwritten when you leave the picture, and nothing but a count is kept."
    )
    alert, listed = table[RecordKind.ALERT], table[RecordKind.WATCHLIST]
    yield (
        f"If it resembles somebody on the list, the images are kept for {_for(alert)} and then "
        f"destroyed, unless a court or a complaint needs them; what stays: {alert.survives}."
    )
    yield f"The list and its images are destroyed {_list_dies(listed)}."
    incident = table[RecordKind.INCIDENT]
    yield (
        f"If you are stopped by mistake, the record of it is kept for {_for(incident)}, so that "
        "you can complain."
    )


def _list_dies(listed: Retention) -> str:
    at_most = f"{_for(listed)} after {listed.starts}"
    if listed.dies_with_deployment:
        return f"when the deployment ends, and at the latest {at_most}"
    return f"at the latest {at_most}"


def _profile_table(profile: Profile) -> str:
    rows = [
        f"| {kind.value} | {_period(kept)} | {kept.starts} | {kept.survives} |"
        for kind, kept in RETENTION[profile.name].items()
    ]
    head = ["| what | kept for | counted from | what stays |", "|---|---|---|---|"]
    return "\n".join([f"## {profile.id}", "", *head, *rows, ""])


def _period(kept: Retention) -> str:
    until = "; destroyed when the deployment ends" if kept.dies_with_deployment else ""
    return f"{_for(kept)}{until}"


def _for(kept: Retention) -> str:
    return span_in_words(kept.period) if kept.period else "not at all"


def _rows_table() -> str:
    rows = [f"| `{name}` | {kind.value} |" for name, kind in ROWS.items()]
    head = ["| table | lives as |", "|---|---|"]
    undated = [f"| `{name}` | no date: {why} |" for name, why in UNDATED.items()]
    return "\n".join(["## The rows of the database", "", _ACCOUNTS, "", *head, *rows, *undated, ""])
