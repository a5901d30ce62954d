"""Sign and check a deployment: every rule is asked, then an officer's key covers the answer."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from overt.audit.events import AuditEvent
from overt.config.deployment import as_json
from overt.errors import Fault, Refused
from overt.gate.authorisation_rows import keep_authorisation, narrow_list
from overt.gate.authority import (
    Presented,
    case_of,
    present,
    refusal_of,
    signature_path,
    subject_of,
    with_calibrated_threshold,
)
from overt.gate.door import Door
from overt.gate.duties import require_duty
from overt.gate.enrolment import Progress
from overt.gate.forecasts import forecast_facts
from overt.gate.key_standing import rank_of, standing_of, vouched_by
from overt.gate.keys import signing_key
from overt.gate.life_by_itself import notice_by_itself, submit_by_itself
from overt.gate.life_lines import require_move
from overt.gate.list_keeping import lookalike_rows
from overt.gate.list_reading import list_named
from overt.gate.list_standing import builder_of
from overt.gate.templates_anew import NewTemplates, images_without, make_templates
from overt.gate.untouched_list import require_untouched
from overt.gate.watchlist_import import no_progress
from overt.identifiers import ActorId, KeyId, ModelId
from overt.matches.lookalikes import lookalikes
from overt.models.library import Pack
from overt.models.manifest import model_id
from overt.policy.access import Actor, Permission
from overt.policy.authorisation import Authorisation
from overt.policy.case import IN_STEP, KeyStanding, Moment
from overt.policy.conflicts import Duty
from overt.policy.deployments import rules_met
from overt.policy.life import Move
from overt.policy.officer_key import SigningKey
from overt.policy.profiles import PROFILES, named_profile, profile_named
from overt.policy.retention import RecordKind, delete_after
from overt.policy.rule import RuleResult, broken
from overt.policy.watchlists import lookalike_bound
from overt.records.schema import OfficerKeyRow, TemplateRow, WatchlistRow
from overt.records.work import Reading, UnitOfWork, fresh_id
from overt.templates.load import load_networks, precision_of
from overt.units import Seconds, Similarity


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules said; `banner` is to be shown whenever it is not empty."""

    results: tuple[RuleResult, ...]
    banner: str

    @property
    def met(self) -> bool:
        return all(result.met for result in self.results)


@dataclass(frozen=True, slots=True)
class SignedReport:
    checked: Checked
    signature: Path
    key: KeyId
    rank: str
    """Of the officer, as it is registered; blank where it is not."""
    pack: str
    model: ModelId
    templates_made: int
    """For another pack or precision than the list was imported with."""


class SigningGate(Door):
    def check_deployment(self, actor: Actor, path: Path) -> Checked:
        """Ask every rule and tell every answer."""
        self._permit(actor, Permission.DEPLOYMENT_READ)
        with self._telling_refusals(actor, Permission.DEPLOYMENT_READ):
            presented = present(path, with_signature=True)
        with self._as(actor, Permission.DEPLOYMENT_READ) as work:
            behind = self._clock.behind()
            presented = with_calibrated_threshold(work, presented)
            case = case_of(work, presented, Moment.CHECKING, clock_behind=behind)
            results = rules_met(case)
            work.audit(
                AuditEvent.DEPLOYMENT_READ,
                deployment=presented.file.id,
                digest=presented.digest,
                broken=len(broken(results)),
                **named_profile(presented.file.profile),
            )
        return Checked(tuple(results), banner_of(presented.file.profile))

    def sign_deployment(
        self, actor: Actor, path: Path, key_file: Path, progress: Progress = no_progress
    ) -> SignedReport:
        """Sign what keeps every rule, and write the signature beside it."""
        self._permit(actor, Permission.DEPLOYMENT_SIGN)
        with self._telling_refusals(actor, Permission.DEPLOYMENT_SIGN):
            key = signing_key(key_file)
            presented = present(path, with_signature=False)
            with Reading(self._records) as reading:
                presented = with_calibrated_threshold(reading, presented)
                results = require_rules(reading, presented, Moment.SIGNING, acting=actor.id)
                _require_trusted(reading, key)
        made = self._missing_templates(actor, presented, progress)
        return self._sign(actor, presented, key, results, made)

    def _missing_templates(
        self, actor: Actor, presented: Presented, progress: Progress
    ) -> NewTemplates | None:
        """Make templates for the pack and precision that is signed, if the list has none."""
        pack, precision = _pack(presented), presented.file.precision
        model = model_id(pack.manifest, precision_of(pack.manifest, precision))
        with self._as(actor, Permission.DEPLOYMENT_SIGN) as work:
            row = list_named(work, presented.file.watchlist)
            images = images_without(work, row.id, model)
            work.audit(
                AuditEvent.WATCHLIST_READ, watchlist=row.name, images=len(images),
                justification="to make templates for the pack that is signed",
            )  # fmt: skip
            key = work.data_key(row.data_key_id)
        if not images:
            return None
        networks = load_networks(
            pack, precision=precision, threads=os.cpu_count() or 1, working_size=None
        )
        try:
            with (
                self._telling_refusals(actor, Permission.DEPLOYMENT_SIGN),
                Reading(self._records) as reading,
            ):
                return make_templates(reading, images, key, networks, progress)
        finally:
            networks.scrub()

    def _sign(
        self,
        actor: Actor,
        presented: Presented,
        key: SigningKey,
        results: list[RuleResult],
        made: NewTemplates | None,
    ) -> SignedReport:
        pack, profile = _pack(presented), profile_named(presented.file.profile)
        target = signature_path(presented.path)
        aside = target.with_name(f".{target.name}.{fresh_id()[:8]}")
        try:
            with self._as(actor, Permission.DEPLOYMENT_SIGN) as work:
                # Asked again, because making templates may have taken a while.
                require_rules(work, presented, Moment.SIGNING, acting=actor.id)
                foretold = case_of(work, presented, Moment.SIGNING).forecast
                _require_trusted(work, key)
                subject = subject_of(presented)
                submit_by_itself(work, actor, subject, presented)
                require_move(work, subject, Move.AUTHORISE)
                row = list_named(work, presented.file.watchlist)
                # The rule of separation asked the rest; the key is not in the file yet.
                done = {
                    Duty.BUILD_LIST: [builder_of(work, row)],
                    Duty.TRUST_KEY: vouched_by(work, key.public.id),
                }
                require_duty(work, actor, Duty.SIGN, done, profile=profile.name)
                require_untouched(work, row)
                if made is not None:
                    _keep_templates(work, row, made, pack)
                given = Authorisation(
                    deployment=as_json(presented.file), watchlist=row.digest,
                    pack_name=pack.manifest.pack_name, pack=pack.digest,
                    precision=presented.file.precision, profile=profile.governs,
                    key=key.public.id, signed_at=work.now, rank=rank_of(work, key.public.id),
                )  # fmt: skip
                signature = key.sign(given.message())
                line = work.audit(
                    AuditEvent.DEPLOYMENT_SIGNED,
                    deployment=presented.file.id, digest=presented.digest, key=key.public.id,
                    watchlist=row.digest, pack=pack.digest, precision=given.precision,
                    profile=profile.governs, waived=len(profile.waived),
                    urgent=presented.file.urgent, rank=given.rank,
                    **forecast_facts(foretold),
                )  # fmt: skip
                keep_authorisation(work, presented, given, signature, line)
                notice_by_itself(work, actor, subject, presented)
                narrow_list(
                    work, row, delete_after(RecordKind.WATCHLIST, profile.name, row.imported_at)
                )
                _write(aside, given.with_signature(signature))
            _move(aside, target)
        finally:
            with suppress(OSError):
                aside.unlink()
        return SignedReport(
            checked=Checked(tuple(results), profile.banner), signature=target, key=key.public.id, rank=given.rank,
            pack=pack.manifest.name, model=model_id(pack.manifest, precision_of(pack.manifest, given.precision)),
            templates_made=len(made.templates) if made else 0,
        )  # fmt: skip


def banner_of(profile: str) -> str:
    return PROFILES[profile].banner if profile in PROFILES else ""


def require_rules(
    act: Reading | UnitOfWork,
    presented: Presented,
    moment: Moment,
    *,
    acting: ActorId | None = None,
    behind: Seconds = IN_STEP,
) -> list[RuleResult]:
    """Refuse a deployment that breaks a rule, naming each that it breaks."""
    results = rules_met(case_of(act, presented, moment, acting=acting, clock_behind=behind))
    if wrong := broken(results):
        raise refusal_of(presented.path.name, [str(result) for result in wrong])
    return results


def _require_trusted(act: Reading | UnitOfWork, key: SigningKey) -> None:
    row = act.session.get(OfficerKeyRow, key.public.id)
    standing = standing_of(act, row)
    if row is None or standing is KeyStanding.UNKNOWN:
        raise Refused(
            f"key {key.public.id} is not trusted, and only a trusted key's signature counts; "
            "an administrator trusts it: overt keys trust officer.pub"
        )
    if standing is KeyStanding.REVOKED:
        raise Refused(f"key {key.public.id} of {row.name} is revoked; another officer must sign")


def _pack(presented: Presented) -> Pack:
    if presented.pack is None:
        raise Refused(presented.pack_fault)
    return presented.pack


def _keep_templates(work: UnitOfWork, row: WatchlistRow, made: NewTemplates, pack: Pack) -> None:
    model = made.gallery.model
    line = work.audit(
        AuditEvent.TEMPLATES_MADE, watchlist=row.name, model=model, templates=len(made.templates)
    )
    work.keep(
        *(
            TemplateRow(
                id=t.id, image_id=t.image_id, model=model, sealed=t.sealed, audit_id=line,
                delete_after=row.delete_after,
            )
            for t in made.templates
        )
    )  # fmt: skip
    bound = lookalike_bound(Similarity(pack.manifest.threshold_floor))
    alike = lookalikes(made.gallery, bound)
    work.keep(*lookalike_rows(alike, row.id, model, line=line, dies=row.delete_after))


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except PermissionError as error:
        raise Refused(
            f"{path.parent}: the signature cannot be written: {error.strerror}"
        ) from error
    except OSError as error:
        raise Fault(f"{path.parent}: the signature cannot be written: {error.strerror}") from error


def _move(aside: Path, target: Path) -> None:
    try:
        aside.replace(target)
    except OSError as error:
        raise Refused(f"{target}: the signature cannot be written: {error.strerror}") from error
