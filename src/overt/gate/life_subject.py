"""Which authorisation a deployment's id means now: the form that was last submitted or signed."""

import json
from collections.abc import Mapping
from typing import Any

from overt.config.canonical import canonical_json, digest_of
from overt.errors import Refused
from overt.gate.life_lines import Subject, told_of
from overt.gate.list_reading import Act
from overt.identifiers import DeploymentId
from overt.policy.life import MOVE_OF, Move
from overt.policy.profiles import PROFILES
from overt.policy.told import Told
from overt.records.schema import DeploymentRow

_NAMING = frozenset({Move.SUBMIT, Move.AUTHORISE})


def subject_named(act: Act, deployment_id: DeploymentId) -> Subject:
    naming = [line for line in told_of(act, deployment_id) if MOVE_OF.get(line.event) in _NAMING]
    if not naming:
        raise Refused(
            f"nothing is on record of {deployment_id[:64]!r}; overt deployment submit "
            "DEPLOYMENT.toml, or overt deployment list"
        )
    return _subject(naming[-1])


def _subject(line: Told) -> Subject:
    name = line.text("profile").partition("/")[0]
    if name not in PROFILES:
        raise Refused(f"{line.deployment} was made under {name!r}, a profile this overt lacks")
    return Subject(line.deployment, line.digest, PROFILES[name])


def row_of(act: Act, subject: Subject) -> DeploymentRow | None:
    """The authorisation's row, if what was signed last is what is meant."""
    row = act.session.get(DeploymentRow, subject.id)
    return row if row is not None and row.digest == subject.digest else None


def deployment_as_signed(act: Act, subject: Subject) -> Mapping[str, Any]:
    """What the officer signed, field by field; refused where somebody rewrote it since."""
    row = row_of(act, subject)
    if row is None:
        raise Refused(f"{subject.id} is not signed as it was last submitted")
    told = json.loads(row.payload)["deployment"]
    if digest_of(canonical_json(told)) != subject.digest:
        raise Refused(
            f"the authorisation of {subject.id} was altered outside overt: keep this copy for "
            "whoever looks into it, and restore a backup (overt restore)"
        )
    signed: Mapping[str, Any] = told
    return signed
