"""The size, sharpness and light of the faces that were measured: beyond them nothing is known (R27)."""

from collections.abc import Sequence

from overt.config.canonical import Json
from overt.faces.look_measures import LOOK_MEASURES, SIDES
from overt.faces.quality import Quality
from overt.policy.evidence_file import envelope_as_json
from overt.rates.drift import FEWEST_LOOKS, envelope_of


def envelopes_as_json(looks: Sequence[Quality]) -> list[dict[str, Json]]:
    """One envelope a measure; none where too few were measured to have edges."""
    if len(looks) < FEWEST_LOOKS:
        return []
    return [
        envelope_as_json(
            envelope_of(measure, [measured(look) for look in looks], sides=SIDES[measure])
        )
        for measure, measured in LOOK_MEASURES.items()
    ]
