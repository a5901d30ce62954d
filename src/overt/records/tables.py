"""Every table there is, and what kind of thing each holds.

Whoever goes through all tables (the marks, sealing, expiry, migration) takes them from here, so
that none is left out because nobody had imported it.
"""

from collections.abc import Mapping
from typing import Final

from overt.records.columns import Holds
from overt.records.rights_schema import RightsRequestRow
from overt.records.schema import AuditRow
from overt.records.sign_on_schema import OrganisationRow
from overt.records.walk_schema import WalkPassRow

(METADATA,) = {each.metadata for each in (AuditRow, RightsRequestRow, OrganisationRow, WalkPassRow)}
"""One for all modules of the schema."""

H = Holds

HOLDS: Final[Mapping[str, Holds]] = {
    "audit": H.LOG,
    "tree_state": H.LOG,
    "row_marks": H.LOG,
    "sealed_segments": H.LOG,
    "installation": H.LOG,
    "data_keys": H.LOG,
    "actors": H.STAFF,
    "actor_roles": H.STAFF,
    "training": H.STAFF,
    "credentials": H.STAFF,
    "sessions": H.STAFF,
    "organisation": H.STAFF,
    "subject_links": H.STAFF,
    "officer_keys": H.AUTHORITY,
    "secrets": H.AUTHORITY,
    "deployments": H.AUTHORITY,
    "deployment_facts": H.AUTHORITY,
    "test_evidence": H.AUTHORITY,
    "runs": H.AUTHORITY,
    "stop_requests": H.AUTHORITY,
    "watchlists": H.PERSONAL,
    "watchlist_entries": H.PERSONAL,
    "watchlist_images": H.PERSONAL,
    "templates": H.PERSONAL,
    "lookalikes": H.PERSONAL,
    "manifests": H.PERSONAL,
    "alerts": H.PERSONAL,
    "alert_evidence": H.PERSONAL,
    "decisions": H.PERSONAL,
    "decoys": H.PERSONAL,
    "incidents": H.PERSONAL,
    "rights_requests": H.PERSONAL,
    "walk_consents": H.PERSONAL,
    "walk_passes": H.PERSONAL,
}
"""Every table stands here, or the schema lock fails."""

UNGOVERNED: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("audit", "tree_state", "row_marks", "sealed_segments", "installation"),
        "the log's own; each line names the profile of what it tells of",
    ),
    "data_keys": "what it seals names the profile",
    **dict.fromkeys(
        ("actors", "actor_roles", "training", "credentials", "sessions", "subject_links"),
        "people who act under every profile",
    ),
    "officer_keys": "signs under every profile; what it signed names which",
    "secrets": "a camera's password serves every profile",
    "organisation": "people sign in through it who act under every profile",
    "test_evidence": "a test of a pack; each profile says what it asks of one",
    "rights_requests": "the law on data protection, whatever profile what was found is under",
}
"""Tables whose rows name no profile, and what governs them instead."""
