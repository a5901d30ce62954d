"""The main job from end to end on the composed street, with nothing left out of it.

The portraits become a watchlist of one, an officer's key signs the deployment, the real pipeline
watches the clip, and the summary says who was alerted. Everything lies in a folder of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final

import cv2

from overt.demo.portraits import Sitter, head_and_shoulders
from overt.demo.street import write_clip
from overt.demo.street_papers import CLIP, THRESHOLDS, StreetDeployment, write_list
from overt.gate.gate import Gate
from overt.gate.watchlist_orders import ImportOrder
from overt.identifiers import SubjectId, WatchlistName
from overt.live.run import Run, run_deployment
from overt.live.supervise import Event
from overt.models.library import default_pack
from overt.policy.access import Actor
from overt.units import Clock, UtcTime

LIST: Final = WatchlistName("demo")


class Listed(Enum):
    """Who is looked for. With NONE the only entry is stood down once the run has started."""

    COLLINS = "collins"
    HOPPER = "hopper"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    folder: Path
    models: tuple[Path, ...]
    listed: Listed
    tell: Callable[[str], None]
    show: Callable[[Event], None]

    @property
    def deployment(self) -> Path:
        return self.folder / "deployment.toml"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def prepare(self, gate: Gate, actor: Actor, now: UtcTime) -> None:
        """Make the clip, the list, the key and the signed deployment."""
        pack = default_pack(search=self.models).manifest.name
        self.tell("Composing a street in which two people walk (public-domain portraits) ...")
        write_clip(self.folder / CLIP)
        self._write_list(now)
        key = gate.new_officer_key(actor, "Demonstration officer", self.folder / "keys")
        self.tell("$ overt keys new --name 'Demonstration officer' --out keys")
        report = gate.import_watchlist(
            actor, ImportOrder(self.folder / "list.csv", LIST, profile="consent", pack=pack)
        )
        self.tell(f"$ overt watchlist import list.csv --name demo   ({report.engine})")
        self._write_deployment(pack, now)
        gate.sign_deployment(actor, self.deployment, self.folder / "keys" / "officer.key")
        self.tell(f"$ overt deployment sign deployment.toml --key keys/officer.key   ({key.id})")

    def run(self, gate: Gate, actor: Actor, clock: Clock) -> Mapping[str, Any]:
        """Run it; the summary, with who was alerted beside what should have been."""
        self.tell("$ overt run deployment.toml --events events.jsonl --fast")
        alerted: list[str] = []

        def show(event: Event) -> None:
            if event["event"] == "alert":
                alerted.append(event["subject_id"])
            self.show(event)
            if event["event"] == "started" and self.listed is Listed.NONE:
                self._stand_down(gate, actor)

        summary = run_deployment(
            gate,
            actor,
            clock,
            Run(
                deployment=self.deployment,
                home=self.home,
                models=self.models,
                show=show,
                events=self.folder / "events.jsonl",
                fast=True,
            ),
        )
        listed = [] if self.listed is Listed.NONE else [self._subject()]
        right = sum(subject in listed for subject in alerted)
        return {**summary, "listed_alerted": right, "unlisted_alerted": len(alerted) - right}

    def is_as_it_should_be(self, summary: Mapping[str, Any]) -> bool:
        """One alert for the listed person's passage, none for anybody else (issue of the demo).

        Hopper crosses twice, four seconds apart: two passages, so two alerts if she is listed.
        """
        expected = {Listed.COLLINS: 1, Listed.HOPPER: 2, Listed.NONE: 0}[self.listed]
        return bool(summary["listed_alerted"] == expected and summary["unlisted_alerted"] == 0)

    def _stand_down(self, gate: Gate, actor: Actor) -> None:
        # Not before it runs: a list of nobody opens no deployment (R18).
        reason = "demonstration: nobody is looked for"
        gate.stand_down(actor, LIST, self._subject(), reason=reason)
        self.tell(f"$ overt watchlist stand-down demo {self._subject()} --reason '{reason}'")

    def _subject(self) -> SubjectId:
        return SubjectId("hopper" if self.listed is Listed.HOPPER else "collins")

    def _write_list(self, now: UtcTime) -> None:
        subject = self._subject()
        done, png = cv2.imencode(".png", head_and_shoulders(Sitter(subject)))
        assert done
        (self.folder / f"{subject}.png").write_bytes(bytes(png))
        row = (
            subject, f"{subject}.png", "consented", "demonstration of the mechanism",
            "public domain, inside a PyPI package", "public domain; no living person is sought",
            "1996-01-01" if subject == "collins" else "1984-01-20",
            f"{(now + timedelta(days=30)).date()}", "none: nobody is approached",
        )  # fmt: skip
        write_list(self.folder / "list.csv", [row])

    def _write_deployment(self, pack: str, now: UtcTime) -> None:
        paper = StreetDeployment(
            id="demonstration",
            purpose="Show the main job from end to end",
            watchlist=LIST,
            threshold=THRESHOLDS.get(pack, 0.5),
            pack=pack,
        )
        paper.write(self.deployment, now)
