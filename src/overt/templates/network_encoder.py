"""An encoder that runs as a network: ONNX or OpenVINO IR, one vector for one aligned face.

It is compiled once and runs in lanes, a face in each, every lane on a thread of its own. Their
buffers are the only places where a face or its template lies here, and `scrub` overwrites them
and what is inside. Two lanes take 4.6 ms a face where two threads on one face take 6.7 and on
four together 6.0; one thread on four faces together saves a twentieth of the time (measured).
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from queue import SimpleQueue

from overt.errors import Refused
from overt.identifiers import ModelId
from overt.models.engines import FixedNetwork, Lane, compile_lanes
from overt.models.library import Pack
from overt.models.manifest import EncoderFacts, Precision, model_id
from overt.templates.align import Alignment, align_into, alignment_of
from overt.templates.unit_length import to_unit_length
from overt.units import Float32, UInt8


@dataclass(slots=True)
class NetworkEncoder:
    """The port Encoder; as many threads as there are lanes may encode at once."""

    model: ModelId
    dimension: int
    chip_size: tuple[int, int]
    alignment: Alignment
    lanes: tuple[Lane, ...]
    _free: "SimpleQueue[Lane]" = field(init=False, default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        for lane in self.lanes:
            self._free.put(lane)

    def align(self, image: UInt8, landmarks: Float32, out: UInt8) -> None:
        align_into(image, landmarks, self.alignment, out)

    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        """Give each face a lane as soon as one is free."""
        running: deque[tuple[Lane, Float32]] = deque()
        try:
            for row, chip in enumerate(chips):
                lane = self._next_lane(running)
                lane.pixels[0] = chip
                lane.start()
                running.append((lane, out[row]))
            while running:
                self._take(running)
        finally:
            for lane, _ in running:  # something went wrong while they ran
                lane.finish()
                self._free.put(lane)

    def scrub(self) -> None:
        """Overwrite each lane as soon as nobody uses it."""
        idle = []
        for _ in self.lanes:
            idle.append(self._free.get())
            idle[-1].scrub()
        for lane in idle:
            self._free.put(lane)

    def _next_lane(self, running: "deque[tuple[Lane, Float32]]") -> Lane:
        """Return a lane that nobody uses: another thread's is waited for only if none is ours."""
        if running and self._free.empty():
            self._take(running)
        return self._free.get()

    def _take(self, running: "deque[tuple[Lane, Float32]]") -> None:
        lane, out = running[0]
        lane.finish()
        to_unit_length(_vectors(lane, self.dimension), out[None])
        running.popleft()
        self._free.put(lane)


def load_network_encoder(
    pack: Pack, facts: EncoderFacts, *, precision: Precision, threads: int
) -> NetworkEncoder:
    lanes = compile_lanes(
        pack, facts, shape=(1, facts.height, facts.width), precision=precision, lanes=threads
    )
    _require_dimension(pack, facts, lanes[0])
    return NetworkEncoder(
        model=model_id(pack.manifest, precision),
        dimension=facts.dimension,
        chip_size=(facts.height, facts.width),
        alignment=alignment_of(facts),
        lanes=lanes,
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
