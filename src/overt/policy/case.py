"""What the rules of a deployment may look at: facts gathered by the gate, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from overt.config.deployment import DeploymentFile
from overt.identifiers import ActorId, DeploymentId, Digest, KeyId, PackName, WatchlistName
from overt.models.manifest import Use
from overt.policy.equality_evidence import EvidenceOnRecord
from overt.policy.forecast import Forecast
from overt.policy.profile import Profile
from overt.policy.profiles import PROFILES
from overt.policy.sensitive_places import MapFacts
from overt.policy.told import LifeFacts
from overt.rates.calibration import Calibration
from overt.units import Seconds, Similarity, UtcTime

NOBODY: Final = ActorId("")
IN_STEP: Final = Seconds(0.0)


class Moment(Enum):
    SUBMITTING = "submitting"
    SIGNING = "signing"
    CHECKING = "checking"
    OPENING = "opening"
    JOINING = "joining"
    """A camera's process takes up a run that is going on."""


class KeyStanding(Enum):
    TRUSTED = "trusted"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ListFacts:
    name: WatchlistName
    digest: Digest
    imported_at: UtcTime
    people: int
    """Who would be looked for: not stood down, not past review, checked and approved."""
    categories: Mapping[str, int]
    past_review: int
    imported_by: ActorId = NOBODY
    unchecked: int = 0
    """Excluded, because no second person checked them (R15)."""
    unapproved: int = 0
    """Excluded, because nobody approved what takes approval (R19)."""
    under_age: int = 0
    """Of the people looked for: approved, and counted apart."""
    rechecked_at: UtcTime | None = None
    """When every entry was last looked up again (R17)."""
    necessity_stated: int = 0
    """Entries that came with a necessity and less intrusive means of their own (R2)."""


@dataclass(frozen=True, slots=True)
class PackFacts:
    name: PackName
    digest: Digest
    floor: Similarity
    precisions: tuple[str, ...]
    allows: frozenset[Use]
    calibration: Calibration | None = None
    """For the deployment's precision."""
    calibration_fault: str = ""
    """Why there is none that can be used."""


@dataclass(frozen=True, slots=True)
class SignedFacts:
    """What the signature covers, and how it stands today."""

    genuine: bool
    """The signature is the key's own over exactly this payload."""
    key: KeyId
    key_name: str
    standing: KeyStanding
    changed: tuple[str, ...]
    """Fields in which the file differs from what was signed, with both values."""
    watchlist: Digest
    pack_name: str
    pack: Digest
    precision: str
    profile: str
    signed_at: UtcTime
    rank: str = ""
    """Of the officer, as the signature says."""
    registered_rank: str = ""
    """Of the officer, as the key was trusted."""
    vouched_by: frozenset[ActorId] = frozenset()
    """Who made the key or trusted it."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that the rules may look at."""

    file: DeploymentFile
    now: UtcTime
    moment: Moment
    watchlist: ListFacts | None
    pack: PackFacts | None
    pack_fault: str
    """Why there is no pack."""
    signed: SignedFacts | None
    ended_at: UtcTime | None
    """When this very authorisation was seen to end."""
    replaced_at: UtcTime | None
    """When a later signature over another form of it was made."""
    acting: ActorId | None = None
    """Who asks to sign it."""
    life: LifeFacts = field(default_factory=LifeFacts)
    evidence: tuple[EvidenceOnRecord, ...] = ()
    """What is on record of tests of equal accuracy, whatever pack they were of."""
    forecast: Forecast | None = None
    """None: there is nothing from which to tell."""
    forecast_fault: str = ""
    """Why there is none, and what to do."""
    sensitive_map: MapFacts | None = None
    """What the map of sensitive places says; None where none is on record."""
    attached: Mapping[str, str] = field(default_factory=dict)
    """By the kind of each document whose file was looked at: what is wrong with it, or nothing."""
    overdue_reports: tuple[DeploymentId, ...] = ()
    clock_behind: Seconds = IN_STEP
    """By how much the machine's clock is behind the last line of the log."""

    @property
    def profile(self) -> Profile:
        return PROFILES[self.file.profile]


Finding = tuple[bool, str]
Ask = Callable[[Case], Finding]
