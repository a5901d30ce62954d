"""Every kind of act that the log can tell of: a closed list, so that an auditor can read it all.

Section 62(1) of the DPA 2018 names six: collection, alteration, consultation, disclosure,
combination, erasure. `KINDS` says of each event which of these it is, or none; a consultation or
disclosure is not done without its justification, and a disclosure not without its recipients
(section 62(2) and (3)).
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final


class Kind(Enum):
    """What section 62(1) of the Data Protection Act 2018 wants logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    NONE = "none of these"
    """It touches nobody's data: the installation, staff, machines, the log itself."""


class AuditEvent(Enum):
    # The installation
    INSTALLED = "installed"
    MIGRATED = "migrated"
    BOOTSTRAPPED = "bootstrapped"
    REFUSED = "refused"
    FAULT = "fault"
    ROLE_GRANTED = "role-granted"
    ROLE_REVOKED = "role-revoked"
    # Accounts
    USER_ADDED = "user-added"
    USER_DISABLED = "user-disabled"
    USER_ENABLED = "user-enabled"
    ACCOUNT_KEPT = "account-kept"
    """Its date had come, and it is in use."""
    USERS_READ = "users-read"
    TRAINED = "trained"
    CREDENTIALS_SET = "credentials-set"
    CREDENTIALS_RENEWED = "credentials-renewed"
    """By their holder, in place of those that somebody else made and so knew."""
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SIGN_IN_FAILED = "sign-in-failed"
    ORGANISATION_SET = "organisation-set"
    """Whose people may sign in through it; the client's secret is sealed."""
    ORGANISATION_REMOVED = "organisation-removed"
    ORGANISATION_READ = "organisation-read"
    SUBJECT_LINKED = "subject-linked"
    """An account is one person of the organisation; the line holds a digest of whom."""
    SUBJECT_UNLINKED = "subject-unlinked"
    # The log and the keeping
    AUDIT_READ = "audit-read"
    AUDIT_EXPORTED = "audit-exported"
    LOG_SEALED = "log-sealed"
    RECORDS_CHECKED = "records-checked"
    ROW_ALTERED = "row-altered"
    """Found to have been changed outside overt, when it was about to go."""
    BACKED_UP = "backed-up"
    RESTORED = "restored"
    EXPIRED = "expired"
    PURGE_LATE = "purge-late"
    """What was due was deleted, but long after its time."""
    DESTROYED = "destroyed"
    """Rows, keys and journal are gone, and that was checked: the line that a receipt is of."""
    RECEIPT_MADE = "receipt-made"
    HOLD_PLACED = "hold-placed"
    HOLD_RELEASED = "hold-released"
    PROOF_BEGUN = "proof-begun"
    """The canary test; one that has no end in the log was broken off."""
    PROOF_MADE = "proof-made"
    KEY_DESTROYED = "key-destroyed"
    CLOCK_AHEAD = "clock-ahead"
    """The machine's clock moved further than the machine counted: it was set, or halted."""
    KEY_CAME_BACK = "key-came-back"
    """Somebody copied the file of a destroyed key back; it is destroyed again."""
    # Officers' keys and camera secrets
    KEY_MADE = "key-made"
    KEY_TRUSTED = "key-trusted"
    KEY_REVOKED = "key-revoked"
    KEYS_READ = "keys-read"
    SECRET_SET = "secret-set"
    SECRET_REMOVED = "secret-removed"
    SECRET_USED = "secret-used"
    SECRETS_READ = "secrets-read"
    # Watchlists
    WATCHLIST_IMPORTED = "watchlist-imported"
    WATCHLIST_READ = "watchlist-read"
    WATCHLIST_DELETED = "watchlist-deleted"
    ENTRY_STOOD_DOWN = "entry-stood-down"
    TEMPLATES_MADE = "templates-made"
    ENTRIES_CHECKED = "entries-checked"
    ENTRY_APPROVED = "entry-approved"
    LIST_RECHECKED = "list-rechecked"
    MANIFEST_READ = "manifest-read"
    # Deployments and runs
    EVIDENCE_RECORDED = "evidence-recorded"
    SENSITIVE_MAP_RECORDED = "sensitive-map-recorded"
    DEPLOYMENT_SUBMITTED = "deployment-submitted"
    DEPLOYMENT_NOTICED = "deployment-noticed"
    DEPLOYMENT_APPROVED = "deployment-approved"
    DECISION_RECORDED = "decision-recorded"
    WRITTEN_RECORD_KEPT = "written-record-kept"
    SIGNS_RECORDED = "signs-recorded"
    CHECKED_IN = "checked-in"
    DEPLOYMENT_SUSPENDED = "deployment-suspended"
    DEPLOYMENT_RESUMED = "deployment-resumed"
    DEPLOYMENT_PURGED = "deployment-purged"
    DEPLOYMENT_EVALUATED = "deployment-evaluated"
    MATCHING_PAUSED = "matching-paused"
    MATCHING_WENT_ON = "matching-went-on"
    DEPLOYMENT_SIGNED = "deployment-signed"
    DEPLOYMENT_READ = "deployment-read"
    DEPLOYMENT_OPENED = "deployment-opened"
    DEPLOYMENT_CLOSED = "deployment-closed"
    STOP_REQUESTED = "stop-requested"
    RUN_STARTED = "run-started"
    RUN_ENDED = "run-ended"
    RUN_FIGURES = "run-figures"
    FOOTFALL_COUNTED = "footfall-counted"
    FALSE_ALERT_PERCEIVED = "false-alert-perceived"
    CAMERA_CHECKED = "camera-checked"
    CAMERA_LOST = "camera-lost"
    CAMERA_BACK = "camera-back"
    # Alerts
    ALERT_RAISED = "alert-raised"
    ALERT_UPDATED = "alert-updated"
    ALERT_READ = "alert-read"
    ALERT_DECIDED = "alert-decided"
    ALERT_LAPSED = "alert-lapsed"
    ALERT_DISPATCHED = "alert-dispatched"
    ALERT_STOPPED = "alert-stopped"
    ALERT_DISCLOSED = "alert-disclosed"
    ALERT_ENGAGED = "alert-engaged"
    ALERT_ENDED = "alert-ended"
    STATISTICS_READ = "statistics-read"
    DECOY_PLANTED = "decoy-planted"
    # Erasure of one person
    ENTRY_ERASED = "entry-erased"
    ENTRY_CORRECTED = "entry-corrected"
    ALERTS_ERASED = "alerts-erased"
    # Requests of named persons
    REQUEST_RECEIVED = "request-received"
    REQUEST_READ = "request-read"
    REQUEST_IDENTITY = "request-identity"
    REQUEST_EXTENDED = "request-extended"
    REQUEST_SEARCHED = "request-searched"
    REQUEST_ACTED = "request-acted"
    REQUEST_ANSWERED = "request-answered"
    PROCESSING_RESTRICTED = "processing-restricted"
    RESTRICTION_LIFTED = "restriction-lifted"
    # Seeded walks
    CONSENT_RECORDED = "consent-recorded"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    PASSES_LOGGED = "passes-logged"
    PASS_TAKEN_BACK = "pass-taken-back"
    WALK_READ = "walk-read"
    # False engagements
    INCIDENT_OPENED = "incident-opened"
    INCIDENT_READ = "incident-read"
    INCIDENT_RECORDED = "incident-recorded"
    INCIDENT_CLOSED = "incident-closed"
    # Breaches
    BREACH_REPORTED = "breach-reported"
    BREACH_TOLD = "breach-told"


E, K = AuditEvent, Kind

KINDS: Final[Mapping[AuditEvent, Kind]] = {
    E.INSTALLED: K.NONE,
    E.MIGRATED: K.NONE,
    E.BOOTSTRAPPED: K.NONE,
    E.REFUSED: K.NONE,
    E.FAULT: K.NONE,
    E.ROLE_GRANTED: K.NONE,
    E.ROLE_REVOKED: K.NONE,
    E.USER_ADDED: K.NONE,
    E.USER_DISABLED: K.NONE,
    E.USER_ENABLED: K.NONE,
    E.ACCOUNT_KEPT: K.NONE,
    E.USERS_READ: K.NONE,
    E.TRAINED: K.NONE,
    E.CREDENTIALS_SET: K.NONE,
    E.CREDENTIALS_RENEWED: K.NONE,
    E.SIGNED_IN: K.NONE,
    E.SIGNED_OUT: K.NONE,
    E.SIGN_IN_FAILED: K.NONE,
    E.ORGANISATION_SET: K.NONE,
    E.ORGANISATION_REMOVED: K.NONE,
    E.ORGANISATION_READ: K.NONE,
    E.SUBJECT_LINKED: K.NONE,
    E.SUBJECT_UNLINKED: K.NONE,
    E.AUDIT_READ: K.CONSULTATION,
    E.AUDIT_EXPORTED: K.DISCLOSURE,
    E.LOG_SEALED: K.ERASURE,
    E.RECORDS_CHECKED: K.NONE,
    E.ROW_ALTERED: K.ALTERATION,
    E.BACKED_UP: K.DISCLOSURE,
    E.RESTORED: K.ALTERATION,
    E.EXPIRED: K.ERASURE,
    E.PURGE_LATE: K.NONE,
    E.DESTROYED: K.ERASURE,
    E.RECEIPT_MADE: K.NONE,
    E.HOLD_PLACED: K.ALTERATION,
    E.HOLD_RELEASED: K.ALTERATION,
    E.PROOF_BEGUN: K.NONE,
    E.PROOF_MADE: K.NONE,
    E.KEY_DESTROYED: K.ERASURE,
    E.CLOCK_AHEAD: K.ERASURE,
    E.KEY_CAME_BACK: K.ERASURE,
    E.KEY_MADE: K.NONE,
    E.KEY_TRUSTED: K.NONE,
    E.KEY_REVOKED: K.NONE,
    E.KEYS_READ: K.NONE,
    E.SECRET_SET: K.NONE,
    E.SECRET_REMOVED: K.NONE,
    E.SECRET_USED: K.NONE,
    E.SECRETS_READ: K.NONE,
    E.WATCHLIST_IMPORTED: K.COLLECTION,
    E.WATCHLIST_READ: K.CONSULTATION,
    E.WATCHLIST_DELETED: K.ERASURE,
    E.ENTRY_STOOD_DOWN: K.ALTERATION,
    E.TEMPLATES_MADE: K.COLLECTION,
    E.DEPLOYMENT_SIGNED: K.NONE,
    E.DEPLOYMENT_READ: K.NONE,
    E.DEPLOYMENT_OPENED: K.NONE,
    E.DEPLOYMENT_CLOSED: K.NONE,
    E.STOP_REQUESTED: K.NONE,
    E.RUN_STARTED: K.NONE,
    E.RUN_FIGURES: K.NONE,
    E.RUN_ENDED: K.NONE,
    E.FOOTFALL_COUNTED: K.NONE,
    E.FALSE_ALERT_PERCEIVED: K.COLLECTION,
    E.CAMERA_CHECKED: K.NONE,
    E.CAMERA_LOST: K.NONE,
    E.CAMERA_BACK: K.NONE,
    E.ENTRIES_CHECKED: K.NONE,
    E.LIST_RECHECKED: K.NONE,
    E.EVIDENCE_RECORDED: K.NONE,
    E.SENSITIVE_MAP_RECORDED: K.NONE,
    E.DEPLOYMENT_SUBMITTED: K.NONE,
    E.DEPLOYMENT_NOTICED: K.NONE,
    E.DEPLOYMENT_APPROVED: K.NONE,
    E.DECISION_RECORDED: K.NONE,
    E.WRITTEN_RECORD_KEPT: K.NONE,
    E.SIGNS_RECORDED: K.NONE,
    E.CHECKED_IN: K.NONE,
    E.DEPLOYMENT_SUSPENDED: K.NONE,
    E.DEPLOYMENT_RESUMED: K.NONE,
    E.DEPLOYMENT_EVALUATED: K.NONE,
    E.MATCHING_PAUSED: K.NONE,
    E.MATCHING_WENT_ON: K.NONE,
    E.ENTRY_APPROVED: K.ALTERATION,
    E.MANIFEST_READ: K.CONSULTATION,
    E.DEPLOYMENT_PURGED: K.ERASURE,
    E.ALERT_RAISED: K.COMBINATION,
    E.ALERT_UPDATED: K.COMBINATION,
    E.ALERT_READ: K.CONSULTATION,
    E.ALERT_DECIDED: K.ALTERATION,
    E.ALERT_LAPSED: K.ALTERATION,
    E.ALERT_DISPATCHED: K.DISCLOSURE,
    E.ALERT_STOPPED: K.ALTERATION,
    E.ALERT_DISCLOSED: K.DISCLOSURE,
    E.ALERT_ENGAGED: K.ALTERATION,
    E.ALERT_ENDED: K.ALTERATION,
    E.STATISTICS_READ: K.NONE,
    E.DECOY_PLANTED: K.NONE,
    E.ENTRY_ERASED: K.ERASURE,
    E.ALERTS_ERASED: K.ERASURE,
    E.ENTRY_CORRECTED: K.ALTERATION,
    E.REQUEST_RECEIVED: K.COLLECTION,
    E.REQUEST_READ: K.CONSULTATION,
    E.REQUEST_IDENTITY: K.COLLECTION,
    E.REQUEST_EXTENDED: K.ALTERATION,
    E.REQUEST_SEARCHED: K.CONSULTATION,
    E.REQUEST_ACTED: K.ALTERATION,
    E.REQUEST_ANSWERED: K.DISCLOSURE,
    E.PROCESSING_RESTRICTED: K.ALTERATION,
    E.RESTRICTION_LIFTED: K.ALTERATION,
    E.CONSENT_RECORDED: K.COLLECTION,
    E.CONSENT_WITHDRAWN: K.ALTERATION,
    E.PASSES_LOGGED: K.COLLECTION,
    E.PASS_TAKEN_BACK: K.ERASURE,
    E.WALK_READ: K.CONSULTATION,
    E.INCIDENT_OPENED: K.COLLECTION,
    E.INCIDENT_READ: K.CONSULTATION,
    E.INCIDENT_RECORDED: K.ALTERATION,
    E.INCIDENT_CLOSED: K.ALTERATION,
    E.BREACH_REPORTED: K.NONE,
    E.BREACH_TOLD: K.NONE,
}
"""An event that stands not here is refused when it is to be written, and by a test before that."""

ASKED: Final[Mapping[Kind, frozenset[str]]] = {
    K.CONSULTATION: frozenset({"justification"}),
    K.DISCLOSURE: frozenset({"justification", "recipients"}),
}
"""Facts without which a line of the kind is refused."""


def unsaid(event: AuditEvent, facts: Mapping[str, object]) -> tuple[str, ...]:
    """Name what the law asks a line of this event to say, and what it does not say in words."""
    asked = ASKED.get(KINDS[event], frozenset())
    return tuple(sorted(name for name in asked if not str(facts.get(name, "")).strip()))
