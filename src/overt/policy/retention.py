"""How long each kind of record lives: period, where its clock starts, what survives it.

One table drives the code (`delete_after` of every row is computed here), the words of a public
notice (`overt profile notice`) and docs/retention.md (R54). A period only ever shortens on its way:
nothing in the program extends one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from overt.policy.profiles import CONSENT, EU_AI_ACT, UK_POLICE
from overt.units import UtcTime


class RecordKind(Enum):
    NOT_MATCHED = "face that resembled nobody"
    """In the memory of one process; no row, file or line ever holds it (R50)."""
    WATCHLIST = "watchlist"
    """Entries, sealed images and templates, under the list's data key."""
    MANIFEST = "watchlist manifest"
    """Which subject ids and categories a list had; no biometrics (R24)."""
    ALERT = "alert"
    """The alert, its judgement and its sealed evidence (R51)."""
    INCIDENT = "incident record"
    """A false engagement, what was done about it, and the complaint (R48)."""
    DECOY = "decoy mark"
    """Which alerts were tests of the review; no image (R42)."""
    RIGHTS_REQUEST = "request of a named person"
    """Who asked for what, what was found and answered; everything about whom is sealed (R69)."""
    WALK_CONSENT = "consent to a seeded walk"
    """Who agreed to walk, by an id; what they were told, sealed."""
    WALK_PASS = "pass of a seeded walk"
    """When a participant went past which camera, and in what conditions (R63)."""
    AUTHORISATION = "authorisation"
    """The signed deployment, its runs and their summaries."""
    SECRET = "secret of a camera or of signing in"
    OFFICER_KEY = "officer's public key"
    SESSION = "sign-in"
    """Of an account, in a browser or on a command line."""
    ACCOUNT = "account"
    """With its roles, training and credentials."""
    DATA_KEY = "number and dates of a data key"
    """Not the key, which dies with what it sealed."""
    AUDIT = "audit line"


@dataclass(frozen=True, slots=True)
class Retention:
    period: timedelta
    starts: str
    survives: str
    dies_with_deployment: bool = False
    """Destroyed when the window it was signed for ends, however long it had left (R52)."""


DAYS_OF_AUDIT: Final = 366 * 6
"""Six years and a day: the limitation period for a civil claim, with a margin."""
LATE_AFTER: Final = timedelta(hours=1)
"""Past its date by more than this, a deletion raises an alarm: nothing was run that deletes."""
ALARM_LASTS: Final = timedelta(hours=24)
LONGEST_SIGN_IN: Final = timedelta(hours=8)
_RECORDS: Final = timedelta(days=366 * 5)
_COMMON: Final[Mapping[RecordKind, Retention]] = {
    RecordKind.NOT_MATCHED: Retention(
        timedelta(0), "the end of its track, 1.6 seconds after the last look", "a count"
    ),
    RecordKind.MANIFEST: Retention(
        _RECORDS, "the import", "nothing; the audit lines name the list"
    ),
    RecordKind.INCIDENT: Retention(_RECORDS, "the false engagement", "its audit lines"),
    RecordKind.DECOY: Retention(timedelta(days=366), "the planting", "its audit lines"),
    RecordKind.RIGHTS_REQUEST: Retention(
        timedelta(days=366 * 2), "when it was put on record", "its audit lines, which name nobody"
    ),
    RecordKind.WALK_CONSENT: Retention(
        timedelta(days=366 * 2), "when it was put on record", "its audit lines"
    ),
    RecordKind.WALK_PASS: Retention(
        timedelta(days=366), "when it was put on record", "the report's counts and its audit lines"
    ),
    RecordKind.AUTHORISATION: Retention(_RECORDS, "its end", "its audit lines"),
    RecordKind.SECRET: Retention(timedelta(days=366), "when it was set", "its audit lines"),
    RecordKind.OFFICER_KEY: Retention(_RECORDS, "when it was trusted", "its fingerprint in audit"),
    RecordKind.SESSION: Retention(
        LONGEST_SIGN_IN, "the sign-in (an hour on a command line)", "its audit lines"
    ),
    RecordKind.ACCOUNT: Retention(
        timedelta(days=DAYS_OF_AUDIT), "the last act by it or about it", "its audit lines"
    ),
    RecordKind.DATA_KEY: Retention(
        timedelta(days=DAYS_OF_AUDIT), "its destruction", "nothing; receipts name it"
    ),
    RecordKind.AUDIT: Retention(
        timedelta(days=DAYS_OF_AUDIT), "the act", "leaf hashes and checkpoints of the segment"
    ),
}

RETENTION: Final[Mapping[str, Mapping[RecordKind, Retention]]] = {
    UK_POLICE.name: {
        **_COMMON,
        # R17 refuses a list after 24 hours, so nothing is gained by keeping it longer (R52).
        RecordKind.WATCHLIST: Retention(
            timedelta(hours=24), "the import", "the manifest", dies_with_deployment=True
        ),
        RecordKind.ALERT: Retention(timedelta(hours=24), "the alert", "counts and audit lines"),
    },
    EU_AI_ACT.name: {
        **_COMMON,
        RecordKind.WATCHLIST: Retention(
            timedelta(hours=24), "the import", "the manifest", dies_with_deployment=True
        ),
        RecordKind.ALERT: Retention(timedelta(hours=24), "the alert", "counts and audit lines"),
    },
    CONSENT.name: {
        **_COMMON,
        RecordKind.WATCHLIST: Retention(timedelta(days=31), "the import", "the manifest"),
        RecordKind.ALERT: Retention(timedelta(hours=24), "the alert", "counts and audit lines"),
    },
}


K = RecordKind

ROWS: Final[Mapping[str, RecordKind]] = {
    "data_keys": K.DATA_KEY,
    "actors": K.ACCOUNT,
    "actor_roles": K.ACCOUNT,
    "training": K.ACCOUNT,
    "credentials": K.ACCOUNT,
    "sessions": K.SESSION,
    "officer_keys": K.OFFICER_KEY,
    "secrets": K.SECRET,
    "organisation": K.SECRET,
    "subject_links": K.ACCOUNT,
    "deployments": K.AUTHORISATION,
    "deployment_facts": K.AUTHORISATION,
    "test_evidence": K.AUTHORISATION,
    "runs": K.AUTHORISATION,
    "stop_requests": K.AUTHORISATION,
    "watchlists": K.WATCHLIST,
    "watchlist_entries": K.WATCHLIST,
    "watchlist_images": K.WATCHLIST,
    "templates": K.WATCHLIST,
    "lookalikes": K.WATCHLIST,
    "manifests": K.MANIFEST,
    "alerts": K.ALERT,
    "alert_evidence": K.ALERT,
    "decisions": K.ALERT,
    "decoys": K.DECOY,
    "incidents": K.INCIDENT,
    "rights_requests": K.RIGHTS_REQUEST,
    "walk_consents": K.WALK_CONSENT,
    "walk_passes": K.WALK_PASS,
}
"""Which line of the table each row of the database lives by; a test compares with the schema."""

UNDATED: Final[Mapping[str, str]] = {
    "audit": "each line has its time, and goes with its sealed segment (`overt audit seal`)",
    "sealed_segments": "hashes, without which no later line could be proved",
    "tree_state": "one row: how far the log has come",
    "row_marks": "goes with the row that it is the mark of",
    "installation": "one row: which keys these records have",
}
"""Tables whose rows have no date of their own, and why; none of them is about anybody."""


def delete_after(kind: RecordKind, profile: str | None, start: UtcTime) -> UtcTime:
    """When a record dies. Without a profile, the longest period that any profile allows."""
    tables = list(RETENTION.values()) if profile is None else [RETENTION[profile]]
    return UtcTime(start + max(table[kind].period for table in tables))
