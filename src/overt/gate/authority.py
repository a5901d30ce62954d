"""Gathers what the rules of a deployment ask for: file, signature, list, pack, what was before."""

from dataclasses import dataclass, replace
from pathlib import Path

from overt.config.deployment import DeploymentFile, as_json, read_deployment
from overt.config.toml_table import finite
from overt.errors import Refused
from overt.gate.attachments import attached
from overt.gate.calibration_files import find_calibration
from overt.gate.evidence import evidence_on_record
from overt.gate.key_standing import rank_of, standing_of, vouched_by
from overt.gate.life_lines import Subject, told_of
from overt.gate.list_reading import Act, find_list
from overt.gate.list_standing import list_facts
from overt.gate.reports_due import overdue_reports
from overt.gate.sensitive_maps import map_facts
from overt.identifiers import ActorId, Digest
from overt.models.library import Pack, default_pack, find_pack, search_folders
from overt.policy.authorisation import (
    LARGEST_SIGNATURE_FILE,
    Authorisation,
    Signed,
    changed_fields,
    deployment_digest,
    read_signed,
)
from overt.policy.case import IN_STEP, Case, ListFacts, Moment, PackFacts, SignedFacts
from overt.policy.deployments import AT_THE_START, calibrated_threshold
from overt.policy.forecast import Forecast, forecast
from overt.policy.officer_key import OfficerKey
from overt.policy.profiles import PROFILES, profile_named
from overt.policy.told import life_facts
from overt.rates.calibration import Calibration
from overt.records.columns import DeploymentState
from overt.records.schema import DeploymentRow, OfficerKeyRow
from overt.units import Seconds, Similarity, UtcTime


@dataclass(frozen=True, slots=True)
class Presented:
    """A deployment as it was put before the gate; nothing in it is believed yet."""

    path: Path
    file: DeploymentFile
    digest: Digest
    signed: Signed | None
    pack: Pack | None
    pack_fault: str


def signature_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.sig")


def present(path: Path, *, with_signature: bool) -> Presented:
    file = read_deployment(path)
    digest = deployment_digest(file)  # as written: what was recorded of a draft holds when signed
    signed = _signature(signature_path(path)) if with_signature else None
    if signed is not None:
        file = with_signed_threshold(file, signed.authorisation)
    name = file.model_pack or (signed.authorisation.pack_name if signed else None)
    pack, fault = _pack(name, file.profile)
    return Presented(path, file, digest, signed, pack, fault)


def _signature(path: Path) -> Signed | None:
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST_SIGNATURE_FILE + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    return read_signed(content, file=path.name)


def _pack(name: str | None, profile: str) -> tuple[Pack | None, str]:
    use = PROFILES[profile].use if profile in PROFILES else None
    try:
        if name is None:
            return default_pack(search=search_folders(), use=use), ""
        return find_pack(name, search=search_folders(), use=use), ""
    except Refused as refusal:
        return None, str(refusal)


def subject_of(presented: Presented) -> Subject:
    """Which authorisation it is, under which profile; refuse one that is unknown."""
    file = presented.file
    return Subject(file.id, presented.digest, profile_named(file.profile))


def case_of(
    act: Act,
    presented: Presented,
    moment: Moment,
    *,
    acting: ActorId | None = None,
    clock_behind: Seconds = IN_STEP,
) -> Case:
    """Gather everything that the rules look at; an unknown profile is theirs to refuse."""
    file = presented.file
    listed = find_list(act, file.watchlist)
    row = act.session.get(DeploymentRow, file.id)
    profile = PROFILES.get(file.profile)
    life = life_facts(told_of(act, file.id), presented.digest)
    # A signature covers the checks made before it; later ones take another (R15).
    until = None if moment is Moment.SIGNING else life.signed_line
    facts = list_facts(act, listed, profile, until) if listed else None
    pack = pack_facts(presented.pack, file.precision) if presented.pack else None
    foretold, fault = _forecast(file, facts, pack)
    return Case(
        file=file,
        now=act.now,
        moment=moment,
        watchlist=facts,
        pack=pack,
        pack_fault=presented.pack_fault,
        signed=_signed_facts(act, presented),
        ended_at=life.ended_at or ended_at(row, presented.digest),
        replaced_at=_replaced_at(row, presented),
        acting=acting,
        life=life,
        evidence=evidence_on_record(act),
        forecast=foretold,
        forecast_fault=fault,
        sensitive_map=map_facts(act, file, profile),
        attached={} if moment in AT_THE_START else attached(presented.path, file),
        overdue_reports=overdue_reports(act, profile) if profile else (),
        clock_behind=clock_behind,
    )


def _forecast(
    file: DeploymentFile, listed: ListFacts | None, pack: PackFacts | None
) -> tuple[Forecast | None, str]:
    """The false alerts to be expected, or why nobody can tell and what to do."""
    if file.expected_footfall is None:
        return None, "write expected_footfall: how many faces are expected to pass"
    if listed is None or pack is None:
        return None, "it takes a watchlist and a pack"
    if pack.calibration is None:
        return None, pack.calibration_fault or (
            f"there is no calibration of {pack.name} at {file.precision}; overt assure calibrate"
        )
    at = file.threshold
    if at is None:
        return None, "it takes a threshold"
    try:
        found = forecast(
            pack.calibration, at, list_size=max(listed.people, 1), faces=file.expected_footfall
        )
    except ValueError as problem:
        return None, str(problem)
    return found, ""


def with_signed_threshold(file: DeploymentFile, told: Authorisation) -> DeploymentFile:
    """Take the threshold that the target became when it was signed; the rules ask if it holds."""
    signed = finite(told.deployment.get("threshold"))
    if file.target_fpir is None or signed is None:
        return file
    return replace(file, threshold=Similarity(signed))


def with_calibrated_threshold(act: Act, presented: Presented) -> Presented:
    """Turn a target into the threshold that is to be signed; one that was signed stays."""
    if presented.file.target_fpir is None or presented.file.threshold is not None:
        return presented
    try:
        found = calibrated_threshold(case_of(act, presented, Moment.SIGNING))
    except Refused:
        return presented  # the rules say why, beside whatever else is wrong
    return replace(presented, file=replace(presented.file, threshold=found.threshold))


def pack_facts(pack: Pack, precision: str) -> PackFacts:
    manifest = pack.manifest
    calibration, fault = _calibration(pack, precision)
    return PackFacts(
        name=manifest.pack_name,
        digest=pack.digest,
        floor=Similarity(manifest.threshold_floor),
        precisions=tuple(precision.value for precision in manifest.precisions),
        allows=manifest.licence.allows,
        calibration=calibration,
        calibration_fault=fault,
    )


def _calibration(pack: Pack, precision: str) -> tuple[Calibration | None, str]:
    try:
        found = find_calibration(pack, precision)
    except Refused as refusal:
        return None, str(refusal)
    return found, ""


def ended_at(row: DeploymentRow | None, digest: Digest) -> UtcTime | None:
    """When this very authorisation was seen to end, which no clock undoes."""
    over = {DeploymentState.CLOSED, DeploymentState.PURGED}
    if row is None or row.digest != digest or row.state not in over:
        return None
    return row.closed_at


def _replaced_at(row: DeploymentRow | None, presented: Presented) -> UtcTime | None:
    if row is None or presented.signed is None or row.digest == presented.digest:
        return None
    return row.signed_at if row.signed_at > presented.signed.authorisation.signed_at else None


def _signed_facts(act: Act, presented: Presented) -> SignedFacts | None:
    if presented.signed is None:
        return None
    told = presented.signed.authorisation
    row = act.session.get(OfficerKeyRow, told.key)
    return SignedFacts(
        genuine=row is not None and made_by(row, presented.signed),
        key=told.key,
        key_name=row.name if row else "",
        standing=standing_of(act, row),
        changed=changed_fields(told.deployment, as_json(presented.file)),
        watchlist=told.watchlist,
        pack_name=told.pack_name,
        pack=told.pack,
        precision=told.precision,
        profile=told.profile,
        signed_at=told.signed_at,
        rank=told.rank,
        registered_rank=rank_of(act, told.key),
        vouched_by=vouched_by(act, told.key),
    )


def made_by(row: OfficerKeyRow, signed: Signed) -> bool:
    key = OfficerKey(row.name, row.public_key)
    told: Authorisation = signed.authorisation
    return key.id == told.key and key.made(signed.signature, told.message())


def refusal_of(file: str, lines: list[str]) -> Refused:
    return Refused("\n".join(f"{file}: {line}" for line in lines))
