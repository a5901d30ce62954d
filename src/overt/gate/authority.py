"""Gathers what the rules of a deployment ask for: file, signature, list, pack, what was before."""

from dataclasses import dataclass
from pathlib import Path

from overt.config.deployment import DeploymentFile, as_json, read_deployment
from overt.errors import Refused
from overt.gate.key_standing import standing_of
from overt.gate.list_reading import Act, find_list, list_facts
from overt.identifiers import Digest
from overt.models.library import Pack, default_pack, find_pack, search_folders
from overt.policy.authorisation import (
    LARGEST_SIGNATURE_FILE,
    Authorisation,
    Signed,
    changed_fields,
    deployment_digest,
    read_signed,
)
from overt.policy.deployments import Case, Moment, PackFacts, SignedFacts
from overt.policy.officer_key import OfficerKey
from overt.policy.profiles import PROFILES
from overt.records.columns import DeploymentState
from overt.records.schema import DeploymentRow, OfficerKeyRow
from overt.units import Similarity, UtcTime


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
    signed = _signature(signature_path(path)) if with_signature else None
    name = file.model_pack or (signed.authorisation.pack_name if signed else None)
    pack, fault = _pack(name, file.profile)
    return Presented(path, file, deployment_digest(file), signed, pack, fault)


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


def case_of(act: Act, presented: Presented, moment: Moment) -> Case:
    listed = find_list(act, presented.file.watchlist)
    row = act.session.get(DeploymentRow, presented.file.id)
    return Case(
        file=presented.file,
        now=act.now,
        moment=moment,
        watchlist=list_facts(act, listed) if listed else None,
        pack=pack_facts(presented.pack) if presented.pack else None,
        pack_fault=presented.pack_fault,
        signed=_signed_facts(act, presented),
        ended_at=ended_at(row, presented.digest),
        replaced_at=_replaced_at(row, presented),
    )


def pack_facts(pack: Pack) -> PackFacts:
    manifest = pack.manifest
    return PackFacts(
        name=manifest.pack_name,
        digest=pack.digest,
        floor=Similarity(manifest.threshold_floor),
        precisions=tuple(precision.value for precision in manifest.precisions),
        allows=manifest.licence.allows,
    )


def ended_at(row: DeploymentRow | None, digest: Digest) -> UtcTime | None:
    """When this very authorisation was seen to end, which no clock undoes."""
    if row is None or row.digest != digest or row.state is not DeploymentState.CLOSED:
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
    )


def made_by(row: OfficerKeyRow, signed: Signed) -> bool:
    key = OfficerKey(row.name, row.public_key)
    told: Authorisation = signed.authorisation
    return key.id == told.key and key.made(signed.signature, told.message())


def refusal_of(file: str, lines: list[str]) -> Refused:
    return Refused("\n".join(f"{file}: {line}" for line in lines))
