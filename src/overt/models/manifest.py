"""The manifest of a model pack: what its files are, and how a picture must be put to them.

Everything that decides a template is here and goes into the pack's digest, so that a template
names exactly what made it. Addresses and prose stay out of the digest: they may move.
"""

import hashlib
import json
import tomllib
from enum import Enum
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Self

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from overt.errors import Refused
from overt.identifiers import Digest, ModelId, PackName

MANIFEST_FILE: Final = "pack.toml"


class Precision(Enum):
    """The arithmetic of the networks; part of every template's identity (design section 4)."""

    F32 = "f32"
    BF16 = "bf16"


class Use(Enum):
    """What a pack's licence may allow."""

    OPERATION = "operation"
    """Real deployments, by a public or a commercial body."""
    DEMONSTRATION = "demonstration"
    """Showing the mechanism to people who consented."""
    EVALUATION = "evaluation"
    """Research, tests and measurements."""


class ColourOrder(Enum):
    BGR = "bgr"
    RGB = "rgb"


class Layout(Enum):
    NCHW = "nchw"
    NHWC = "nhwc"


class DetectorKind(Enum):
    YUNET = "yunet"
    """YuNet's heads cls, obj, bbox and kps at strides 8, 16 and 32."""
    PLAIN = "plain"
    """Outputs boxes (n, 4), landmarks (n, 5, 2) and scores (n,), in pixels of the input."""
    DLIB_HOG = "dlib-hog"
    """dlib's frontal detector, with its five-point landmark model as `network`."""


class EncoderKind(Enum):
    NETWORK = "network"
    """An ONNX or OpenVINO IR file that gives one vector for one aligned face."""
    DLIB_RESNET = "dlib-resnet"
    """dlib's own ResNet file, which scales pixels itself."""


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


Share = Annotated[float, Field(ge=0.0, le=1.0)]
Triple = tuple[float, float, float]
Deviation = Annotated[float, Field(gt=0.0)]
ShapeSide = Annotated[int, Field(ge=16, le=4096)]


class PackFile(_Facts):
    """One file of the pack, by its publisher's digest."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    size: Annotated[int, Field(gt=0)]
    digest: Annotated[str, Field(pattern=r"^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96})$")]
    urls: tuple[Annotated[str, Field(pattern=r"^https?://")], ...] = ()
    """Where its publisher offers it; empty for a file that comes with a Python package."""


class Licence(_Facts):
    spdx: Annotated[str, Field(min_length=1)]
    """An SPDX expression."""
    allows: frozenset[Use]
    notice: str = ""
    """What whoever uses the pack should know, in a sentence."""


class DetectorFacts(_Facts):
    kind: DetectorKind
    network: str
    """The file that holds it."""
    weights: str | None = None
    """The second file of an OpenVINO IR pair."""
    long_side: Annotated[int, Field(ge=64, le=4096)]
    """The longer side of the working picture in pixels, unless a deployment chooses a size."""
    stride: Annotated[int, Field(ge=1, le=128)] = 32
    """Both sides of the working picture are multiples of this."""
    second_look: Annotated[int, Field(ge=0, le=1024)] = 0
    """Side of the square at which the points of a small face are found anew in the full picture;
    0 for a detector that looks once."""
    colour_order: ColourOrder = ColourOrder.BGR
    layout: Layout = Layout.NCHW
    mean: Triple = (0.0, 0.0, 0.0)
    """Subtracted from the pixels (0 to 255), in the network's colour order."""
    deviation: tuple[Deviation, Deviation, Deviation] = (1.0, 1.0, 1.0)
    """Divides what is left."""
    score_floor: Share
    """Faces that the detector is less sure of are not faces."""
    overlap: Share = 0.3
    """Of two boxes that overlap more than this (intersection over union) the better stays."""
    most_faces: Annotated[int, Field(ge=1, le=1000)] = 200
    """The best this many faces of a picture; a bound on memory and time, not on people."""


class EncoderFacts(_Facts):
    kind: EncoderKind
    network: str
    weights: str | None = None
    height: ShapeSide
    width: ShapeSide
    colour_order: ColourOrder = ColourOrder.BGR
    layout: Layout = Layout.NCHW
    mean: Triple = (0.0, 0.0, 0.0)
    deviation: tuple[Deviation, Deviation, Deviation] = (1.0, 1.0, 1.0)
    dimension: Annotated[int, Field(ge=2, le=4096)]
    alignment: tuple[
        tuple[Share, Share],
        tuple[Share, Share],
        tuple[Share, Share],
        tuple[Share, Share],
        tuple[Share, Share],
    ]
    """Where eye, eye, nose, mouth corner, mouth corner (left to right in the image) must lie in
    the aligned face, as shares of its width and height."""
    alignment_weights: tuple[float, float, float, float, float] = (1.0, 1.0, 1.0, 1.0, 1.0)


class PackManifest(_Facts):
    """One `pack.toml`."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    version: Annotated[str, Field(min_length=1, max_length=64)]
    summary: str = ""
    package: str | None = None
    """The installed Python package whose files these are, by its import name."""
    package_folder: str = ""
    """Where in that package they lie."""
    package_hint: str = ""
    """How to get the package."""
    listed_only: str = ""
    """Why the program names this pack and does not run it; empty for one that it runs."""
    licence: Licence
    threshold_floor: Annotated[float, Field(ge=-1.0, le=1.0)]
    """No deployment may use a lower cosine similarity."""
    precisions: tuple[Precision, ...]
    """The ones that it may run at, its default first."""
    files: Annotated[tuple[PackFile, ...], Field(min_length=1)]
    detector: DetectorFacts | None = None
    encoder: EncoderFacts | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = [file.name for file in self.files]
        if len(set(names)) != len(names):
            raise ValueError("two files have one name")
        if not self.precisions:
            raise ValueError("precisions is empty; f32 is the usual one")
        if not self.listed_only and (self.detector is None or self.encoder is None):
            raise ValueError("a pack needs both a [detector] and an [encoder]")
        if self.detector is not None and self.detector.second_look % self.detector.stride:
            raise ValueError("detector.second_look must be a multiple of detector.stride")
        for part in (self.detector, self.encoder):
            if part is not None:
                _require_files(part, names)
        if self.encoder is not None and min(self.encoder.alignment_weights) < 0:
            raise ValueError("encoder.alignment_weights may not be negative")
        if self.encoder is not None and sum(w > 0 for w in self.encoder.alignment_weights) < 2:
            raise ValueError("encoder.alignment_weights must count at least two points")
        return self

    @property
    def pack_name(self) -> PackName:
        return PackName(self.name)


def _require_files(part: DetectorFacts | EncoderFacts, names: list[str]) -> None:
    for name in (part.network, part.weights):
        if name is not None and name not in names:
            raise ValueError(f"{name} is used but is not one of the files")
    if PurePosixPath(part.network).suffix == ".xml" and part.weights is None:
        raise ValueError(f"{part.network} is an OpenVINO IR file and needs its weights")


def read_manifest(text: str, *, place: str) -> PackManifest:
    """Parse a pack.toml; Refused names every field that is wrong, and `place`."""
    try:
        table = tomllib.loads(text)
        # By way of JSON, where a list may be a tuple and a string an enum even in strict mode.
        return PackManifest.model_validate_json(json.dumps(_renamed(table), default=str))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{place} is not TOML: {error}") from None
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(step) for step in problem['loc']) or 'pack'}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False)
        )
        raise Refused(f"{place} is not a pack's manifest: {problems}") from None


def _renamed(table: dict[str, Any]) -> dict[str, Any]:
    """TOML says [[file]] once for each; the class says files."""
    if "file" not in table or "files" in table:
        return table
    return {("files" if key == "file" else key): value for key, value in table.items()}


_NOT_IN_DIGEST: Final[Any] = {
    "summary": True,
    "package": True,
    "package_folder": True,
    "package_hint": True,
    "listed_only": True,
    "files": {"__all__": {"urls"}},
    "licence": {"notice"},
}


def pack_digest(manifest: PackManifest) -> Digest:
    """SHA-256 over the canonical JSON (RFC 8785) of the facts and the files' digests."""
    facts = manifest.model_dump(mode="json", exclude=_NOT_IN_DIGEST)
    facts["licence"]["allows"] = sorted(facts["licence"]["allows"])
    return Digest("sha256:" + hashlib.sha256(rfc8785.dumps(facts)).hexdigest())


def model_id(manifest: PackManifest, precision: Precision) -> ModelId:
    """`open@sha256:<64 hex>/f32`: the pack, the digest of all that decides a template, precision."""
    return ModelId(f"{manifest.name}@{pack_digest(manifest)}/{precision.value}")
