"""A camera's process that writes down every aligned face and every template which it makes.

It is the real one with an encoder that listens: so what it writes down is what the real one
holds on the same clip. It goes to the file named by CANARIES, which no test searches.
"""

import atexit
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from tests.fakes.canaries import Canary, Kind, write_canaries

from overt.frames.frame import Picture
from overt.identifiers import ModelId, SubjectId
from overt.live import camera
from overt.live.crowd import Crowd, Look
from overt.live.encoding import Aim, Encoding
from overt.live.scene import Scene
from overt.matches import resemblance
from overt.matches.gallery import Gallery
from overt.matches.match import Match
from overt.matches.search import nearest, search
from overt.models.engines import Lane
from overt.templates.dlib_encoder import DlibEncoder
from overt.templates.load import Networks, load_networks
from overt.templates.network_encoder import NetworkEncoder
from overt.templates.template import Encoder, Template
from overt.tracks.best_shots import ShotRules
from overt.units import Float32, UInt8

WHERE: Final = "CANARIES"


@dataclass(slots=True)
class Notes:
    """What was made, for whom, and whom they turned out to resemble."""

    canaries: list[Canary] = field(default_factory=list)
    looks: dict[tuple[int, bool], tuple[Look, float]] = field(default_factory=dict)
    """By the id of the look's face: the look, and when it was."""
    encoding: tuple[int, float] = (0, 0.0)
    """Whose look is in the encoder's only thread, and when it was; likewise of the search."""
    searching: tuple[int, float] = (0, 0.0)
    listed: set[int] = field(default_factory=set)

    def enter(self, kind: Kind, content: Any) -> None:
        track, at = self.searching if kind is Kind.FUSED else self.encoding
        self.canaries.append(Canary(kind, track, at, np.ascontiguousarray(content).copy()))

    def write(self) -> None:
        write_canaries(Path(os.environ[WHERE]), self.canaries, self.listed)


@dataclass(slots=True)
class ListeningEncoder:
    """The port Encoder."""

    inner: Encoder
    notes: Notes
    model: ModelId = field(init=False)
    dimension: int = field(init=False)
    chip_size: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.model = self.inner.model
        self.dimension = self.inner.dimension
        self.chip_size = self.inner.chip_size

    def align(self, image: UInt8, landmarks: Float32, out: UInt8) -> None:
        self.inner.align(image, landmarks, out)

    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        self.inner.encode(self._noted(chips), out)
        for vector in out:
            self.notes.enter(Kind.TEMPLATE, vector)

    def scrub(self) -> None:
        self.inner.scrub()

    def _noted(self, chips: Iterable[UInt8]) -> Iterator[UInt8]:
        for chip in chips:
            self.notes.enter(Kind.ALIGNED, chip)
            yield chip


@dataclass(slots=True)
class ListeningLane:
    """The port Lane: what comes out of it before it is normalised."""

    inner: Lane
    notes: Notes
    pixels: UInt8 = field(init=False)
    outputs: dict[str, Float32] = field(init=False)

    def __post_init__(self) -> None:
        self.pixels, self.outputs = self.inner.pixels, self.inner.outputs

    started: bool = False

    def run(self) -> None:
        self.start()
        self.finish()

    def start(self) -> None:
        self.started = True
        self.inner.start()

    def finish(self) -> None:
        self.inner.finish()
        if not self.started:
            return
        self.started = False
        for output in self.outputs.values():
            for vector in output.reshape(len(self.pixels), -1):
                self.notes.enter(Kind.RAW, vector)

    def scrub(self) -> None:
        self.inner.scrub()


@dataclass(slots=True)
class ListeningDlib:
    """Likewise for dlib's own network."""

    inner: Any
    notes: Notes

    def compute_face_descriptor(self, image: UInt8) -> Any:
        found = self.inner.compute_face_descriptor(image)
        if image.any():  # a scrub puts a blank through, which is nobody
            self.notes.enter(Kind.RAW, np.array(found, np.float32))
        return found


def listening(notes: Notes) -> Callable[..., Networks]:
    def load_listening(*given: Any, **named: Any) -> Networks:
        networks = load_networks(*given, **named)
        match networks.encoder:
            case NetworkEncoder() as encoder:
                lanes = tuple(ListeningLane(lane, notes) for lane in encoder.lanes)
                networks = replace(networks, encoder=replace(encoder, lanes=lanes))
            case DlibEncoder() as dlib:
                dlib._network = ListeningDlib(dlib._network, notes)
        # One thread: so that it is known whose face is in hand.
        listener = ListeningEncoder(networks.encoder, notes)
        return replace(networks, encoder=listener, encodes_at_once=1)

    return load_listening


def listen(notes: Notes) -> None:
    """Put the listeners where the flow looks for its networks and its search."""
    choose, encode, search_one = Crowd._worth_a_template, Encoding._encode, Crowd._search

    def noted_choose(self: Crowd, scene: Scene, rules: ShotRules) -> list[Look]:
        looks = choose(self, scene, rules)
        notes.looks.update(
            ((id(look.face), look.closer), (look, scene.frame.media_time)) for look in looks
        )
        return looks

    def noted_encode(
        self: Encoding, picture: Picture, aims: Sequence[Aim], vectors: Sequence[Float32]
    ) -> float:
        seconds = 0.0
        for aim, vector in zip(aims, vectors, strict=True):
            look, at = notes.looks[id(aim.face), aim.closer]
            notes.encoding = int(look.track), at
            seconds += encode(self, picture, [aim], [vector])
        return seconds

    def noted_search_one(self: Crowd, look: Look, scene: Scene) -> Any:
        notes.searching = int(look.track), scene.frame.media_time
        return search_one(self, look, scene)

    def noted(alike: float | None, template: Template) -> None:
        notes.enter(Kind.FUSED, template.vector)
        if alike is not None and alike >= float(os.environ["THRESHOLD"]):
            notes.listed.add(notes.searching[0])

    def noted_search(template: Template, gallery: Gallery) -> Match | None:
        match = search(template, gallery)
        noted(None if match is None else match.similarity, template)
        return match

    def noted_nearest(template: Template, gallery: Gallery) -> tuple[SubjectId, float] | None:
        found = nearest(template, gallery)
        noted(None if found is None else found[1], template)
        return found

    for place, name, listener in (
        (Crowd, "_worth_a_template", noted_choose),
        (Encoding, "_encode", noted_encode),
        (Crowd, "_search", noted_search_one),
        (resemblance, "search", noted_search),
        (resemblance, "nearest", noted_nearest),
        (camera, "load_networks", listening(notes)),
    ):
        setattr(place, name, listener)


def main() -> None:
    notes = Notes()
    listen(notes)
    atexit.register(notes.write)
    camera.main()


if __name__ == "__main__":
    main()
