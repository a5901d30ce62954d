"""What the canary test plays: a street that never was, a list of one, and words of this run alone.

Everything the test looks for is in here or follows from it: the bytes of the pictures, the faces
and templates that the flow makes of the clip, and words that nobody ever wrote before. The people
are two public-domain portraits; each test adds noise of its own, so that no earlier one is found.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from overt.alerts.raising import RaisingRules, margin_for
from overt.assurance.measured_watch import Notebook
from overt.demo.portraits import Sitter, head_and_shoulders
from overt.demo.street import Walk, write_clip
from overt.demo.street_papers import CLIP, StreetDeployment, write_list
from overt.faces.zone import WHOLE_PICTURE
from overt.frames.open_source import Pace, open_source
from overt.frames.stills import read_still
from overt.identifiers import CameraId, SubjectId
from overt.live.crowd import Crowd
from overt.live.watch import watch
from overt.matches.gallery import gallery_of
from overt.models.library import Pack
from overt.models.rise import rise_of
from overt.proof.around_encoder import AroundEncoder
from overt.proof.desk import LIST
from overt.proof.moments import LAST_FACE, LASTS
from overt.templates.enrol import enrol
from overt.templates.load import Networks, load_networks
from overt.tracks.best_shots import rules_for
from overt.units import Clock, Float32, Pixels, Seconds, Similarity, UInt8, UtcTime

LISTED: Final = SubjectId("canary")
CAMERA: Final = CameraId("street")
LETTERS: Final = 96
SCENE: Final = (
    Walk(Sitter.HOPPER, Seconds(0.4), Seconds(2.6), 0.08, 0.12, 190, 270, 0.4),
    Walk(Sitter.HOPPER, Seconds(0.4), Seconds(2.6), 0.30, 0.34, 190, 270, 2.3),
    Walk(Sitter.HOPPER, Seconds(0.4), Seconds(2.6), 0.52, 0.56, 190, 270, 4.1),
    Walk(Sitter.COLLINS, Seconds(0.4), LAST_FACE, 0.80, 0.84, 330, 280, 1.1),
)
"""Three who are on no list come nearer and leave; one who is listed stays a while, going farther
off. Then nobody."""
THREADS: Final = 2


@dataclass(frozen=True, slots=True)
class Under:
    """What of the operator's own deployment the test runs under."""

    pack: Pack
    precision: str
    threshold: Similarity


def _unheard_of() -> str:
    return secrets.token_urlsafe(LETTERS)[:LETTERS]


@dataclass(frozen=True, slots=True)
class Words:
    """Written into the list and the review by this run, and found nowhere else."""

    reason: str = field(default_factory=_unheard_of, repr=False)
    source: str = field(default_factory=_unheard_of, repr=False)
    plan: str = field(default_factory=_unheard_of, repr=False)
    judgement: str = field(default_factory=_unheard_of, repr=False)


@dataclass(frozen=True, slots=True)
class Stage:
    """The folder of what is handed in: it is the operator's own, and no part of the search."""

    folder: Path
    under: Under
    words: Words
    kept: bytes = field(default_factory=lambda: secrets.token_bytes(1000), repr=False)
    """What the desk is told to keep: a search of its memory that does not find it sees nothing."""

    @property
    def deployment(self) -> Path:
        return self.folder / "deployment.toml"

    @property
    def picture(self) -> Path:
        return self.folder / "canary.png"

    @property
    def clip(self) -> Path:
        return self.folder / CLIP

    @property
    def judgement(self) -> Path:
        return self.folder / "judgement.txt"

    def set_up(self, now: UtcTime) -> None:
        self.folder.mkdir()
        write_clip(self.clip, walks=SCENE, lasts=LASTS, seed=secrets.randbits(31))
        self.picture.write_bytes(_portrait())
        self._write_list(now)
        self.judgement.write_text(self.words.judgement)
        (self.folder / "kept.bin").write_bytes(self.kept)
        self._write_deployment(now)

    def _write_list(self, now: UtcTime) -> None:
        row = (
            LISTED, self.picture.name, "consented", self.words.reason, self.words.source,
            "public domain; no living person is sought", "1996-01-01",
            f"{(now + timedelta(days=30)).date()}", self.words.plan,
        )  # fmt: skip
        write_list(self.folder / "list.csv", [row])

    def _write_deployment(self, now: UtcTime) -> None:
        paper = StreetDeployment(
            id="canary",
            purpose="Show that nothing is left",
            watchlist=LIST,
            threshold=float(self.under.threshold),
            pack=self.under.pack.manifest.name,
            precision=self.under.precision,
        )
        paper.write(self.deployment, now)


def canaries(stage: Stage, clock: Clock) -> dict[str, bytes]:
    """Everything that must be found nowhere, by name: the flow is watched as it makes it."""
    networks = load_networks(
        stage.under.pack,
        precision=stage.under.precision,
        threads=THREADS,
        working_size=None,
        detector_threads=1,
    )
    picture = stage.picture.read_bytes()
    reference = enrol(picture, read_still(picture), None, networks).template
    notes = Notes()
    _watch(stage, networks, notes, reference, clock)
    return {
        **_words(stage.words),
        "the list's picture": picture,
        **dict(_vector_forms("the list's template", reference)),
        **dict(notes.forms()),
    }


@dataclass(slots=True)
class Notes:
    """The aligned faces and templates that the flow makes of the clip, in this process only."""

    faces: list[UInt8] = field(default_factory=list)
    templates: list[Float32] = field(default_factory=list)

    def forms(self) -> Iterator[tuple[str, bytes]]:
        for number, face in enumerate(self.faces):
            yield f"face {number} of the clip, BGR", face.tobytes()
            yield f"face {number} of the clip, RGB", face[:, :, ::-1].tobytes()
        for number, template in enumerate(self.templates):
            yield from _vector_forms(f"template {number} of the clip", template)


@dataclass(slots=True)
class ListeningEncoder(AroundEncoder):
    """Notes what passes through it."""

    notes: Notes = field(default_factory=Notes)

    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        self.inner.encode(self._noted(chips), out)
        self.notes.templates += [row.copy() for row in out]

    def _noted(self, chips: Iterable[UInt8]) -> Iterator[UInt8]:
        for chip in chips:
            self.notes.faces.append(chip.copy())
            yield chip


def _watch(
    stage: Stage, networks: Networks, notes: Notes, reference: Float32, clock: Clock
) -> None:
    rules = RaisingRules(stage.under.threshold, ambiguous_margin=margin_for(stage.under.threshold))
    crowd = Crowd(
        camera=CAMERA,
        zone=WHOLE_PICTURE,
        min_eye_distance=Pixels(24),
        networks=replace(networks, encoder=ListeningEncoder(networks.encoder, notes)),
        gallery=gallery_of(networks.model, [LISTED], reference[np.newaxis].copy()),
        shot_rules=rules_for(rules.threshold, rules.min_shots, rise_of(networks.model)),
    )
    source = open_source(stage.clip.name, clock=clock, pace=Pace.FAST, base=stage.folder)
    watch(source.sights(), crowd, Notebook(rules, clock))


def _words(words: Words) -> dict[str, bytes]:
    return {
        "the reason on the list": words.reason.encode(),
        "the source of the picture": words.source.encode(),
        "the plan on the list": words.plan.encode(),
        "the words of the judgement": words.judgement.encode(),
    }


def _vector_forms(name: str, vector: Float32) -> Iterator[tuple[str, bytes]]:
    yield f"{name}, float32", vector.tobytes()
    yield f"{name}, float16", vector.astype(np.float16).tobytes()
    yield f"{name}, float64", vector.astype(np.float64).tobytes()


def _portrait() -> bytes:
    """The listed person's picture, with noise that no other picture has."""
    shown = head_and_shoulders(Sitter.COLLINS)
    noise = np.random.default_rng(secrets.randbits(63)).integers(-3, 4, shown.shape)
    done, png = cv2.imencode(".png", np.clip(shown + noise, 0, 255).astype(np.uint8))
    assert done
    return bytes(png)
