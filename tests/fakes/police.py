"""A whole police deployment in small: each person's part, one method each, in the order of law."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.fakes.authority import LIST, PACK, Force, Hands, a_force
from tests.fakes.calibrations import write_calibration
from tests.fakes.deployment_files import NOW, police_toml
from tests.fakes.evidence import write_test
from tests.fakes.installed import kept_folder
from tests.fakes.lists import row
from tests.fakes.staff import actor, staffed_home

from overt.gate.evidence import EvidenceOrder
from overt.gate.life import NoticeOrder
from overt.gate.open_deployment import OpenDeployment
from overt.identifiers import ActorId, DeploymentId, SubjectId
from overt.models.library import find_pack, search_folders
from overt.policy.access import Actor, Role
from overt.policy.training import needs_training
from overt.units import UtcTime

ID = DeploymentId("oxford-circus-2026-11-30")


@dataclass(slots=True)
class Police:
    """People with one role each around one force's records, half an hour before the window."""

    force: Force
    administrator: Actor
    builder: Actor
    silver: Actor
    gold: Actor
    operator: Actor
    sergeant: Actor
    assessor: Actor

    def employs(self, name: str, role: Role) -> Actor:
        """Add somebody, trained, with one role."""
        gate, who = self.force.gate, ActorId(name)
        gate.add_user(self.administrator, who)
        return self.turned(who, role)

    def turned(self, who: ActorId, role: Role, *, out_of: Role | None = None) -> Actor:
        """Give somebody another role, and the training for it."""
        gate = self.force.gate
        if out_of is not None:
            gate.withdraw_roles(self.administrator, who, frozenset({out_of}))
        gate.grant_roles(self.administrator, who, frozenset({role}))
        if needs_training(role):
            until = UtcTime(self.force.clock.now() + timedelta(days=90))
            gate.record_training(self.administrator, who, frozenset({role}), until=until)
        return Actor(who, frozenset({role}))

    def proof(self, name: str) -> Path:
        path = self.force.folder / name
        path.write_text(f"what {name} shows")
        return path

    def wanted(self, count: int = 2, **changes: str) -> "Police":
        rows = [
            row(subject_id=f"S{i}", image=f"s{i}.png", category="wanted-by-court", **changes)
            for i in range(1, count + 1)
        ]
        return self.listed(*rows)

    def listed(self, *rows: dict[str, str]) -> "Police":
        order = self.force.order(self.force.write_list(*rows))
        self.force.gate.import_watchlist(self.builder, order)
        return self

    def verified(self, subject: str | None = None) -> "Police":
        chosen = None if subject is None else SubjectId(subject)
        self.force.gate.verify_entries(self.gold, LIST, chosen)
        return self

    def tested(self, **changes: Any) -> "Police":
        """Put a test of the pack on record; `acceptable` is the assessor's, the rest the test's."""
        acceptable = bool(changes.pop("acceptable", True))
        folder, pack = self.force.folder / "tested", find_pack(PACK, search=search_folders())
        write_test(folder, pack.digest, **changes)
        conclusion = "no group's rate differs by more than chance"
        order = EvidenceOrder(folder, acceptable=acceptable, conclusion=conclusion)
        self.force.gate.record_evidence(self.assessor, order)
        return self

    def written(self, **changes: Any) -> "Police":
        toml = police_toml(**{"watchlist": f'"{LIST}"', "model_pack": f'"{PACK}"', **changes})
        self.force.toml.write_text(toml)
        return self

    def submitted(self) -> "Police":
        self.force.gate.submit_deployment(self.builder, self.force.toml)
        return self

    def signed(self) -> "Police":
        self.force.gate.sign_deployment(self.silver, self.force.toml, self.force.key)
        return self

    def noticed(self, **changes: Any) -> "Police":
        order = {
            "proof": self.proof("notice.html"), "where": "the force's web site",
            "published_at": UtcTime(self.force.clock.now() - timedelta(days=7)),
        }  # fmt: skip
        self.force.gate.record_notice(self.operator, ID, NoticeOrder(**{**order, **changes}))
        return self

    def rechecked(self) -> "Police":
        self.force.gate.recheck_list(self.operator, LIST, source="the courts' list", current=None)
        return self

    def with_signs(self) -> "Police":
        photos = [self.proof("north.jpg"), self.proof("south.jpg")]
        self.force.gate.record_signs(self.sergeant, ID, photos, where="both exits")
        return self

    def present(self, officers: int = 2) -> "Police":
        self.force.gate.check_in(self.sergeant, ID, officers=officers)
        return self

    def opened(self) -> OpenDeployment:
        return self.force.gate.open_deployment(self.operator, self.force.toml)

    def before_the_signature(self, **changes: Any) -> "Police":
        return self.wanted().verified().tested().written(**changes).submitted()

    def authorised(self, **changes: Any) -> "Police":
        return self.before_the_signature(**changes).signed()

    def ready(self, **changes: Any) -> "Police":
        """Everything is done that opens it; it is 10:00 and a little."""
        self.authorised(**changes).noticed().rechecked().with_signs()
        self.force.hands.forward(timedelta(minutes=31))
        return self.present()

    def purged(self) -> "Police":
        """It ran, was closed, and nothing about anybody is left."""
        opened, gate = self.ready().opened(), self.force.gate
        gate.close_run(self.operator, opened, {"passages": 12, "alerts": 0})
        gate.close_deployment(self.silver, ID, reason="the person was found")
        gate.expire(self.operator)
        return self


UNLIKE: Final = {"tail_floor": 0.2, "tails": [[1, 0.25]] * 10}
"""A calibration of people who resemble nobody on the list."""
BEFORE: Final = UtcTime(NOW - timedelta(minutes=90))
"""9:30, half an hour before the window of the deployment that tests write."""


def police_force(force: Force, administrator: Actor) -> Police:
    """Everybody has one role; the administrator makes the key and grants the rest."""
    police = _police(force, administrator)
    force.gate.new_officer_key(administrator, "Silver", force.key.parent)
    police.employs("gold", Role.AUTHORISING_OFFICER)
    return police


def _police(force: Force, administrator: Actor) -> Police:
    pack = find_pack(PACK, search=search_folders())
    write_calibration(pack.found_in.parent, PACK, people=10_000, probes=10_000, **UNLIKE)
    force.actor = actor("aud")  # who reads the log, for `last` and `events`
    return Police(
        force=force,
        administrator=administrator,
        builder=actor("lis"),
        silver=actor("ode"),
        gold=Actor(ActorId("gold"), frozenset({Role.AUTHORISING_OFFICER})),
        operator=actor("ana"),
        sergeant=actor("pc-4411"),
        assessor=actor("ass"),
    )


@contextmanager
def a_police_force(folder: Path) -> Iterator[Police]:
    """A force whose founder has handed over, at 9:30 of the day."""
    shutil.copytree(_founded(), folder, dirs_exist_ok=True)
    with a_force(folder, Hands(BEFORE.timestamp())) as force:
        yield _police(force, force.actor)


@cache
def _founded() -> Path:
    folder = kept_folder()
    staffed_home(folder / "home", BEFORE)
    with a_force(folder, Hands(BEFORE.timestamp())) as force:
        police_force(force, force.actor)
    return folder
