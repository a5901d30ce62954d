"""The canary test on record: that it was begun, and what came of it (R50).

A test that failed cannot be kept quiet: its beginning stands in the log, and an end that is missing
is missed.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from overt.audit.events import AuditEvent
from overt.config.deployment import read_deployment
from overt.gate.door import Door
from overt.identifiers import DeploymentId
from overt.policy.access import Actor, Permission
from overt.policy.profiles import named_profile


@dataclass(frozen=True, slots=True)
class ProofBegun:
    """Under what somebody looks."""

    deployment: DeploymentId
    profile: str


class ProofGate(Door):
    def begin_proof(self, actor: Actor, deployment: Path) -> ProofBegun:
        """Tell that somebody looks for what should be gone, under this deployment's file."""
        self._permit(actor, Permission.ERASURE_PROVE)
        with self._telling_refusals(actor, Permission.ERASURE_PROVE):
            file = read_deployment(deployment)
        with self._as(actor, Permission.ERASURE_PROVE) as work:
            work.audit(AuditEvent.PROOF_BEGUN, deployment=file.id, **named_profile(file.profile))
        return ProofBegun(file.id, file.profile)

    def note_proof(self, actor: Actor, begun: ProofBegun, report: bytes, *, passed: bool) -> None:
        """Tell what came of it; the report lies elsewhere, its digest here."""
        with self._as(actor, Permission.ERASURE_PROVE) as work:
            digest = hashlib.sha256(report).hexdigest()
            work.audit(
                AuditEvent.PROOF_MADE, deployment=begun.deployment, report=f"sha256:{digest}",
                passed=passed, **named_profile(begun.profile),
            )  # fmt: skip
