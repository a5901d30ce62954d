"""Load a pack's networks, and tell what engaged: nothing falls back in silence."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import assert_never

from overt.errors import Refused
from overt.faces.dlib_detector import import_dlib
from overt.faces.faces import Detector, Face
from overt.faces.load_detector import load_detector
from overt.faces.network_detector import NetworkDetector
from overt.frames.frame import Picture
from overt.identifiers import ModelId
from overt.models.engines import describe_openvino
from overt.models.library import Pack
from overt.models.manifest import EncoderFacts, EncoderKind, PackManifest, Precision
from overt.templates.dlib_encoder import load_dlib_encoder
from overt.templates.network_encoder import load_network_encoder
from overt.templates.template import Encoder


@dataclass(frozen=True, slots=True)
class Networks:
    """What one process holds to find and compare faces."""

    detector: Detector
    encoder: Encoder
    model: ModelId
    engine: str
    """For people: `OpenVINO 2026.4.1 CPU f32, 2 threads`."""
    precision: str
    encodes_at_once: int = 1
    """How many threads may use the encoder at the same time."""
    closer: Callable[[Picture, Face], Face] | None = None
    """Set for detectors that can look twice."""
    far: Callable[[Picture, Face], bool] | None = None
    """Set likewise: whether the face is small enough for it."""

    def look_closer(self, picture: Picture, face: Face) -> Face:
        """Better points for a small face that is about to be aligned, where the pack has any."""
        return self.closer(picture, face) if self.closer is not None else face

    def looks_closer(self, picture: Picture, face: Face) -> bool:
        """Whether `look_closer` would find this face's points anew."""
        return self.far is not None and self.far(picture, face)

    def scrub(self) -> None:
        self.detector.scrub()
        self.encoder.scrub()


def load_networks(  # noqa: PLR0913  what a process says of itself and of its pictures
    pack: Pack,
    *,
    precision: str,
    threads: int,
    working_size: tuple[int, int] | None,
    detector_threads: int | None = None,
    expected: tuple[int, int] | None = None,
) -> Networks:
    """Load detector and encoder; `working_size` is (height, width), None follows each picture.

    So many threads encode a face each. As many look for faces together, unless it is said
    otherwise because something else runs beside the detector. The detector is made ready for
    pictures of the expected (width, height); for others it is when the first one comes.
    """
    chosen = precision_of(pack.manifest, precision)
    detector_facts, encoder_facts = pack.manifest.detector, pack.manifest.encoder
    if detector_facts is None or encoder_facts is None:
        raise Refused(f"the pack {pack.manifest.name} cannot run: {pack.manifest.listed_only}")
    with ThreadPoolExecutor(1, "overt-load") as beside:  # a network is compiled on one processor
        loading = beside.submit(_load_encoder, pack, encoder_facts, chosen, threads)
        detector = load_detector(
            pack,
            detector_facts,
            precision=chosen,
            threads=threads if detector_threads is None else detector_threads,
            working_size=working_size,
        )
        if expected is not None and isinstance(detector, NetworkDetector):
            detector.expect(*expected)
        encoder = loading.result()
    return Networks(
        detector=detector,
        encoder=encoder,
        model=encoder.model,
        engine=describe_engine(pack.manifest, chosen, threads),
        precision=chosen.value,
        encodes_at_once=threads if encoder_facts.kind is EncoderKind.NETWORK else 1,
        closer=detector.look_closer if isinstance(detector, NetworkDetector) else None,
        far=detector.is_far if isinstance(detector, NetworkDetector) else None,
    )


def precision_of(manifest: PackManifest, name: str) -> Precision:
    """Refused unless the pack may run at the precision of this name."""
    offered = {precision.value: precision for precision in manifest.precisions}
    if name not in offered:
        raise Refused(
            f"the pack {manifest.name} does not run at precision {name!r}: "
            f"it runs at {', '.join(offered)}"
        )
    return offered[name]


def describe_engine(manifest: PackManifest, precision: Precision, threads: int) -> str:
    """What runs the encoder of this pack, for people."""
    if manifest.encoder is not None and manifest.encoder.kind is EncoderKind.DLIB_RESNET:
        return f"dlib {import_dlib().__version__} CPU {precision.value}, 1 thread"
    return describe_openvino(precision, threads)


def _load_encoder(pack: Pack, facts: EncoderFacts, precision: Precision, threads: int) -> Encoder:
    match facts.kind:
        case EncoderKind.NETWORK:
            return load_network_encoder(pack, facts, precision=precision, threads=threads)
        case EncoderKind.DLIB_RESNET:
            return load_dlib_encoder(pack, facts)
        case _:
            assert_never(facts.kind)
