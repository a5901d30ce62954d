"""Where each sealed value belongs: the row, what it is of, and the open columns that it goes with.

The words are authenticated with the value (AES-GCM associated data). So a template that is moved to
another image, evidence to another alert, or a decision whose author was changed, does not open.
"""

from overt.decisions.states import Move
from overt.identifiers import ActorId, AlertId, ModelId
from overt.records.columns import EvidenceKind
from overt.records.vault import Place
from overt.units import UtcTime, iso


def place_of_fields(entry_id: str) -> Place:
    return Place("watchlist_entries", entry_id, "fields")


def place_of_reason(entry_id: str) -> Place:
    return Place("watchlist_entries", entry_id, "stand-down")


def place_of_rationale(entry_id: str) -> Place:
    return Place("watchlist_entries", entry_id, "rationale")


def place_of_image(image_id: str, entry_id: str) -> Place:
    return Place("watchlist_images", image_id, f"image of {entry_id}")


def place_of_template(template_id: str, image_id: str, model: ModelId) -> Place:
    return Place("templates", template_id, f"vector of {image_id} by {model}")


def place_of_evidence(piece: str, alert: AlertId, kind: EvidenceKind, revision: int) -> Place:
    return Place("alert_evidence", piece, f"{kind.value} of {alert}, revision {revision}")


def place_of_words(decision: str, alert: AlertId, move: Move, by: ActorId, at: UtcTime) -> Place:
    return Place("decisions", decision, f"words of {alert}: {move.value} by {by} at {iso(at)}")


def place_of_secret(name: str) -> Place:
    return Place("secrets", name, "secret")


def place_of_client_secret(issuer: str, client_id: str) -> Place:
    return Place("organisation", issuer, f"secret of {client_id}")
