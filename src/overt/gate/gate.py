"""The gate: the one door to the records, put together from one mixin per subject."""

from pathlib import Path
from types import TracebackType
from typing import Self

from overt.gate.alert_raising import AlertRaisingGate
from overt.gate.alerts import AlertsGate
from overt.gate.audit import AuditGate
from overt.gate.backup import BackupGate
from overt.gate.breaches import BreachGate
from overt.gate.camera_checks import CameraCheckGate
from overt.gate.decoys import DecoyGate
from overt.gate.deployment_views import DeploymentViewGate
from overt.gate.deployments import DeploymentGate
from overt.gate.engagements import EngagementGate
from overt.gate.envelope import EnvelopeGate
from overt.gate.evidence import EvidenceGate
from overt.gate.expiry import ExpiryGate
from overt.gate.false_alerts import FalseAlertGate
from overt.gate.footfall import FootfallGate
from overt.gate.holds import HoldGate
from overt.gate.incidents import IncidentGate
from overt.gate.keys import KeyGate
from overt.gate.life import LifeGate
from overt.gate.list_checks import ListCheckGate
from overt.gate.older_keys import move_keys_out
from overt.gate.organisation import OrganisationGate
from overt.gate.organisation_sign_in import OrganisationSignInGate
from overt.gate.people import PeopleGate
from overt.gate.proofs import ProofGate
from overt.gate.public_notices import PublicNoticeGate
from overt.gate.public_records import PublicRecordGate
from overt.gate.review_statistics import StatisticsGate
from overt.gate.rights import RightsGate
from overt.gate.run_figures import RunFiguresGate
from overt.gate.secrets import SecretGate
from overt.gate.sensitive_maps import SensitiveMapGate
from overt.gate.sessions import SessionGate
from overt.gate.signing import SigningGate
from overt.gate.walk_record import WalkRecordGate
from overt.gate.walks import WalkGate
from overt.gate.watchlist_import import WatchlistImportGate
from overt.gate.watchlists import WatchlistGate
from overt.records.home import Home
from overt.records.records import open_records
from overt.units import Clock


class Gate(
    AlertRaisingGate,
    AlertsGate,
    AuditGate,
    ExpiryGate,
    BackupGate,
    BreachGate,
    DecoyGate,
    DeploymentGate,
    DeploymentViewGate,
    EvidenceGate,
    FalseAlertGate,
    FootfallGate,
    EnvelopeGate,
    LifeGate,
    EngagementGate,
    HoldGate,
    IncidentGate,
    KeyGate,
    ListCheckGate,
    CameraCheckGate,
    OrganisationGate,
    OrganisationSignInGate,
    PeopleGate,
    ProofGate,
    PublicNoticeGate,
    PublicRecordGate,
    RightsGate,
    RunFiguresGate,
    SecretGate,
    SensitiveMapGate,
    SessionGate,
    SigningGate,
    StatisticsGate,
    WalkGate,
    WalkRecordGate,
    WatchlistGate,
    WatchlistImportGate,
):
    """Every public method takes the actor first and authorises before anything else."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._records.close()


def open_gate(home: Path, clock: Clock) -> Gate:
    """Open OVERT_HOME, making it where there is none; use the gate in a `with` statement.

    What is past its date is deleted first, so that nobody gets to see it.
    """
    gate = Gate(open_records(Home(home.absolute()), clock))
    try:
        move_keys_out(gate._records)  # noqa: SLF001  likewise
        gate._expire_by_itself()  # noqa: SLF001  it is the gate's own, before anybody acts
    except BaseException:
        gate.__exit__(None, None, None)
        raise
    return gate


def expire_by_itself(gate: Gate) -> tuple[str, ...]:
    """Delete what has come due since, for a process that lives long; what to look at, in words."""
    return (*gate._expire_by_itself(), *gate._breach_alarms())  # noqa: SLF001  likewise
