"""An encoder that runs as a network: ONNX or OpenVINO IR, one vector for one aligned face.

Two compiled copies, for one face and for four, share nothing; their buffers are the only places
where a face or its template lies here, and `scrub` overwrites them and what is inside.
"""

from dataclasses import dataclass
from typing import Final

from overt.errors import Refused
from overt.identifiers import ModelId
from overt.models.engines import FixedNetwork, compile_openvino
from overt.models.library import Pack
from overt.models.manifest import EncoderFacts, Precision, model_id
from overt.templates.align import Alignment, align_into, alignment_of
from overt.templates.unit_length import to_unit_length
from overt.units import Float32, UInt8

BATCH: Final = 4
"""Faces that one run of the larger network takes; about a tenth less time for each (measured)."""


@dataclass(slots=True)
class NetworkEncoder:
    """The port Encoder."""

    model: ModelId
    dimension: int
    chip_size: tuple[int, int]
    alignment: Alignment
    single: FixedNetwork
    batch: FixedNetwork

    def align(self, image: UInt8, landmarks: Float32, out: UInt8) -> None:
        align_into(image, landmarks, self.alignment, out)

    def encode(self, chips: UInt8, out: Float32) -> None:
        at = 0
        while at < len(chips):
            network = self.batch if len(chips) - at >= BATCH else self.single
            n = len(network.pixels)
            network.pixels[:] = chips[at : at + n]
            network.run()
            to_unit_length(_vectors(network, self.dimension), out[at : at + n])
            at += n

    def scrub(self) -> None:
        self.single.scrub()
        self.batch.scrub()


def load_network_encoder(
    pack: Pack, facts: EncoderFacts, *, precision: Precision, threads: int
) -> NetworkEncoder:
    single, batch = (
        compile_openvino(
            pack, facts, shape=(n, facts.height, facts.width), precision=precision, threads=threads
        )
        for n in (1, BATCH)
    )
    _require_dimension(pack, facts, single)
    return NetworkEncoder(
        model=model_id(pack.manifest, precision),
        dimension=facts.dimension,
        chip_size=(facts.height, facts.width),
        alignment=alignment_of(facts),
        single=single,
        batch=batch,
    )


def _vectors(network: FixedNetwork, dimension: int) -> Float32:
    (output,) = {id(array): array for array in network.outputs.values()}.values()
    return output.reshape(-1, dimension)


def _require_dimension(pack: Pack, facts: EncoderFacts, single: FixedNetwork) -> None:
    sizes = sorted({id(array): array.size for array in single.outputs.values()}.values())
    if sizes != [facts.dimension]:
        raise Refused(
            f"{facts.network} of the pack {pack.manifest.name} gives {sizes} numbers for a face; "
            f"its manifest says one output of {facts.dimension}"
        )
