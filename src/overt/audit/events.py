"""Every kind of act that the log can tell of: a closed list, so that an auditor can read it all.

Section 62(1) of the DPA 2018 names six: collection, alteration, consultation, disclosure,
combination, erasure. Each event says which of these it is, or none.
"""

from enum import Enum


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
    USERS_READ = "users-read"
    TRAINED = "trained"
    CREDENTIALS_SET = "credentials-set"
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SIGN_IN_FAILED = "sign-in-failed"
    # The log and the keeping
    AUDIT_READ = "audit-read"
    AUDIT_EXPORTED = "audit-exported"
    BACKED_UP = "backed-up"
    RESTORED = "restored"
    EXPIRED = "expired"
    KEY_DESTROYED = "key-destroyed"
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
    # Deployments and runs
    DEPLOYMENT_SIGNED = "deployment-signed"
    DEPLOYMENT_READ = "deployment-read"
    DEPLOYMENT_OPENED = "deployment-opened"
    DEPLOYMENT_CLOSED = "deployment-closed"
    STOP_REQUESTED = "stop-requested"
    RUN_STARTED = "run-started"
    RUN_ENDED = "run-ended"
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
    # False engagements
    INCIDENT_OPENED = "incident-opened"
    INCIDENT_READ = "incident-read"
    INCIDENT_RECORDED = "incident-recorded"
    INCIDENT_CLOSED = "incident-closed"
