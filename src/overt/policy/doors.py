"""The one table of who gets through which door: every method of the gate, every page of the console.

A method that is not in the table fails a test; a page that is not in it keeps the console from
starting. Tests walk both tables with every role and with nobody.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from overt.policy.access import Permission

P = Permission

METHODS: Final[Mapping[str, Permission]] = {
    # people
    "add_user": P.USER_MANAGE,
    "disable_user": P.USER_MANAGE,
    "enable_user": P.USER_MANAGE,
    "grant_roles": P.USER_MANAGE,
    "hand_over": P.USER_MANAGE,
    "own_account": P.OWN_ACCOUNT,
    "record_training": P.USER_MANAGE,
    "set_credentials": P.USER_MANAGE,
    "sign_in_by_link": P.OWN_ACCOUNT,
    "sign_out": P.OWN_ACCOUNT,
    "sign_out_everywhere": P.OWN_ACCOUNT,
    "users": P.USER_LIST,
    "withdraw_roles": P.USER_MANAGE,
    # signing in through an organisation
    "check_organisation": P.SIGN_ON_MANAGE,
    "link_subject": P.USER_MANAGE,
    "organisation_settings": P.SIGN_ON_MANAGE,
    "remove_organisation": P.SIGN_ON_MANAGE,
    "set_organisation": P.SIGN_ON_MANAGE,
    "unlink_subject": P.USER_MANAGE,
    # keys and secrets
    "camera_address": P.SECRET_USE,
    "delete_secret": P.SECRET_MANAGE,
    "new_officer_key": P.KEY_MANAGE,
    "officer_keys": P.KEY_LIST,
    "revoke_officer_key": P.KEY_MANAGE,
    "secrets": P.SECRET_MANAGE,
    "set_secret": P.SECRET_MANAGE,
    "trust_officer_key": P.KEY_MANAGE,
    # watchlists
    "delete_watchlist": P.WATCHLIST_DELETE,
    "import_watchlist": P.WATCHLIST_IMPORT,
    "stand_down": P.WATCHLIST_STAND_DOWN,
    "watchlist": P.WATCHLIST_READ,
    "watchlists": P.WATCHLIST_READ,
    "approve_entry": P.WATCHLIST_APPROVE,
    "manifest": P.MANIFEST_READ,
    "recheck_list": P.WATCHLIST_RECHECK,
    "verify_entries": P.WATCHLIST_VERIFY,
    # deployments
    "begin_camera_check": P.SECRET_USE,
    "check_deployment": P.DEPLOYMENT_READ,
    "close_run": P.DEPLOYMENT_RUN,
    "join_run": P.DEPLOYMENT_RUN,
    "live_list": P.ALERT_RAISE,
    "compiled_networks": P.ALERT_RAISE,
    "note_figures": P.DEPLOYMENT_RUN,
    "open_deployment": P.DEPLOYMENT_RUN,
    "request_stop": P.DEPLOYMENT_STOP,
    "run_figures": P.DEPLOYMENT_READ,
    "sign_deployment": P.DEPLOYMENT_SIGN,
    "standing": P.ALERT_RAISE,
    "hold_to_ceiling": P.ALERT_RAISE,
    "hold_to_envelope": P.ALERT_RAISE,
    "hold_to_footfall": P.ALERT_RAISE,
    "false_alert_rate": P.ALERT_RAISE,
    "tell_conditions": P.ALERT_RAISE,
    "deployment": P.DEPLOYMENT_READ,
    "deployments": P.DEPLOYMENT_READ,
    "places": P.DEPLOYMENT_READ,
    # the moves of a deployment's life, and what is on record of it
    "approve_deployment": P.DEPLOYMENT_APPROVE,
    "check_in": P.CHECK_IN,
    "close_deployment": P.DEPLOYMENT_CLOSE,
    "evaluate_deployment": P.DEPLOYMENT_EVALUATE,
    "evaluation_form": P.DEPLOYMENT_EVALUATE,
    "count_footfall": P.FOOTFALL_COUNT,
    "evidence": P.DEPLOYMENT_READ,
    "footfall": P.DEPLOYMENT_READ,
    "keep_written_record": P.DEPLOYMENT_SIGN,
    "public_notices": P.DEPLOYMENT_READ,
    "public_record": P.DEPLOYMENT_EVALUATE,
    "record_decision": P.DECISION_RECORD,
    "record_evidence": P.EVIDENCE_RECORD,
    "record_sensitive_map": P.EVIDENCE_RECORD,
    "record_notice": P.DEPLOYMENT_NOTICE,
    "record_signs": P.SIGNS_RECORD,
    "resume_deployment": P.DEPLOYMENT_RESUME,
    "submit_deployment": P.DEPLOYMENT_SUBMIT,
    "suspend_deployment": P.DEPLOYMENT_SUSPEND,
    # alerts
    "alert": P.ALERT_READ,
    "alert_news": P.ALERT_READ,
    "alerts": P.ALERT_READ,
    "decide": P.ALERT_DECIDE,
    "disclose_alert": P.ALERT_DISCLOSE,
    "dispatch": P.ALERT_DISPATCH,
    "examine_alert": P.ALERT_READ,
    "lapse_alerts": P.ALERT_READ,
    "raise_alert": P.ALERT_RAISE,
    "stop_alert": P.ALERT_DECIDE,
    "unfinished_alerts": P.DEPLOYMENT_READ,
    "update_alert": P.ALERT_RAISE,
    # what came of an alert
    "breaches": P.INCIDENT_RECORD,
    "close_incident": P.INCIDENT_RECORD,
    "confirm_same_person": P.ALERT_ENGAGE,
    "doubt_alert": P.ALERT_ENGAGE,
    "end_alert": P.ALERT_ENGAGE,
    "engage": P.ALERT_ENGAGE,
    "incident": P.INCIDENT_RECORD,
    "incidents": P.INCIDENT_RECORD,
    "open_sent_alert": P.ALERT_ENGAGE,
    "plant_decoy": P.DECOY_PLANT,
    "report_breach": P.INCIDENT_RECORD,
    "tell_of_breach": P.INCIDENT_RECORD,
    "record_incident": P.INCIDENT_RECORD,
    "review_statistics": P.ALERT_STATISTICS,
    "sent_alerts": P.ALERT_ENGAGE,
    # requests of named persons
    "answer_request": P.RIGHTS_ANSWER,
    "ask_identity": P.RIGHTS_ANSWER,
    "correct_for_request": P.RIGHTS_ANSWER,
    "erase_for_request": P.RIGHTS_ANSWER,
    "extend_request": P.RIGHTS_ANSWER,
    "identify_requester": P.RIGHTS_ANSWER,
    "lift_restriction": P.RIGHTS_ANSWER,
    "receive_request": P.RIGHTS_ANSWER,
    "request": P.RIGHTS_ANSWER,
    "requests": P.RIGHTS_ANSWER,
    "restrict_person": P.RIGHTS_ANSWER,
    "search_request": P.RIGHTS_ANSWER,
    # seeded walks
    "log_passes": P.WALK_LOG,
    "record_consent": P.WALK_CONSENT,
    "take_back_pass": P.WALK_LOG,
    "walk": P.WALK_READ,
    "walk_consents": P.WALK_READ,
    "walk_desk": P.WALK_LOG,
    "walks": P.WALK_LOG,
    "withdraw_consent": P.WALK_CONSENT,
    # the log and the keeping
    "audit_checkpoint": P.AUDIT_READ,
    "audit_key": P.AUDIT_READ,
    "audit_lines": P.AUDIT_READ,
    "back_up": P.BACK_UP,
    "begin_proof": P.ERASURE_PROVE,
    "holds": P.HOLD_READ,
    "place_hold": P.HOLD_PLACE,
    "purge": P.EXPIRE,
    "receipt": P.RECEIPT_READ,
    "receipts": P.RECEIPT_READ,
    "release_hold": P.HOLD_RELEASE,
    "note_proof": P.ERASURE_PROVE,
    "expire": P.EXPIRE,
    "export_audit": P.AUDIT_READ,
    "prove_consistency": P.AUDIT_READ,
    "prove_line": P.AUDIT_READ,
    "seal_audit": P.EXPIRE,
}
"""The permission that each public method of the gate asks for."""

WITHOUT_AN_ACTOR: Final = frozenset(
    {
        "begin_organisation_sign_in", "note_foreign_answer", "organisation", "session_actor", "sign_in",
        "sign_in_by_organisation", "statement_for", "whoami",
    }
)  # fmt: skip
"""Methods that say who the actor is; that is where an actor comes from."""


class Entry(Enum):
    """Pages that take no permission of their own."""

    ANYBODY = "anybody, signed in or not"
    SIGNED_IN = "whoever is signed in"


Route = tuple[str, str]
"""The method and the path as the router knows it."""

ROUTES: Final[Mapping[Route, Permission | Entry]] = {
    ("GET", "/sign-in"): Entry.ANYBODY,
    ("POST", "/sign-in"): Entry.ANYBODY,
    ("GET", "/sign-in/organisation"): Entry.ANYBODY,
    ("GET", "/sign-in/organisation/back"): Entry.ANYBODY,
    ("POST", "/sign-in/organisation/code"): Entry.ANYBODY,
    ("POST", "/sign-out"): Entry.SIGNED_IN,
    ("POST", "/sign-out-everywhere"): Entry.SIGNED_IN,
    ("GET", "/home"): Entry.SIGNED_IN,
    ("GET", "/signed-out"): Entry.ANYBODY,
    ("GET", "/"): P.ALERT_READ,
    ("GET", "/alerts/rows"): P.ALERT_READ,
    ("GET", "/alerts/live"): P.ALERT_READ,
    ("GET", "/alerts/{alert_id}"): P.ALERT_READ,
    ("GET", "/alerts/{alert_id}/live"): P.ALERT_READ,
    ("POST", "/alerts/{alert_id}/decide"): P.ALERT_DECIDE,
    ("POST", "/alerts/{alert_id}/dispatch"): P.ALERT_DISPATCH,
    ("POST", "/alerts/{alert_id}/stop"): P.ALERT_DECIDE,
    ("GET", "/deployments"): P.DEPLOYMENT_READ,
    ("POST", "/deployments/{deployment_id}/check-in"): P.CHECK_IN,
    ("GET", "/runs"): P.DEPLOYMENT_READ,
    ("GET", "/runs/rows"): P.DEPLOYMENT_READ,
    ("GET", "/street"): P.ALERT_ENGAGE,
    ("GET", "/street/{alert_id}"): P.ALERT_ENGAGE,
    ("POST", "/street/{alert_id}/same-person"): P.ALERT_ENGAGE,
    ("POST", "/street/{alert_id}/engage"): P.ALERT_ENGAGE,
    ("POST", "/street/{alert_id}/end"): P.ALERT_ENGAGE,
    ("POST", "/street/{alert_id}/doubt"): P.ALERT_ENGAGE,
    ("GET", "/walks"): P.WALK_LOG,
    ("GET", "/walks/{deployment_id}"): P.WALK_LOG,
    ("POST", "/walks/{deployment_id}/passed"): P.WALK_LOG,
    ("POST", "/walks/{deployment_id}/take-back"): P.WALK_LOG,
    ("GET", "/requests"): P.RIGHTS_ANSWER,
    ("POST", "/requests"): P.RIGHTS_ANSWER,
    ("GET", "/requests/{request_id}"): P.RIGHTS_ANSWER,
    ("POST", "/requests/{request_id}/ask"): P.RIGHTS_ANSWER,
    ("POST", "/requests/{request_id}/identify"): P.RIGHTS_ANSWER,
    ("POST", "/requests/{request_id}/extend"): P.RIGHTS_ANSWER,
    ("POST", "/requests/{request_id}/search"): P.RIGHTS_ANSWER,
    ("POST", "/requests/{request_id}/restrict"): P.RIGHTS_ANSWER,
    ("POST", "/requests/{request_id}/lift"): P.RIGHTS_ANSWER,
    ("POST", "/requests/{request_id}/erase"): P.RIGHTS_ANSWER,
    ("POST", "/requests/{request_id}/correct"): P.RIGHTS_ANSWER,
    ("POST", "/requests/{request_id}/answer"): P.RIGHTS_ANSWER,
    ("GET", "/incidents"): P.INCIDENT_RECORD,
    ("POST", "/incidents/{incident}/record"): P.INCIDENT_RECORD,
    ("POST", "/incidents/{incident}/close"): P.INCIDENT_RECORD,
}

ASKED_BY_PAGES: Final[frozenset[Route]] = frozenset(
    {
        ("GET", "/alerts/rows"),
        ("GET", "/alerts/live"),
        ("GET", "/alerts/{alert_id}/live"),
        ("GET", "/runs/rows"),
    }
)
"""What an open page asks for by itself: no sign that anybody is there, and no session goes on by it."""
