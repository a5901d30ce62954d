"""The first pass of a search: an upper bound for every block of rows, from eight-bit codes.

One network of a single matrix product, run by OpenVINO in whole numbers over the codes where
they lie: no copy of the list, nothing to rebuild when it changes, and no copy of the probe
outside the buffers here. A processor on which the product is not done in bytes, or not exactly,
gets no scan, and the search reads the references themselves instead.
"""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np

from overt.matches.codes import (
    BLOCK,
    LARGEST,
    LONGEST,
    SHIFT,
    CodedProbes,
    Codes,
    Float64,
    probe_room,
    room_for,
)
from overt.units import Float32

WIDTHS: Final = (1, 8, 32)
"""How many probes a network takes at once; fewer leave the rest of it empty."""
CHUNK: Final = 8192
"""Rows of one run: their codes and scores stay in the processor's cache (measured)."""
SMALL_CHUNK: Final = 2048


@dataclass(slots=True, eq=False)
class Scan:
    """The first pass for up to `width` probes over one list. Made by `scan_of`."""

    probes: CodedProbes
    starts: tuple[int, ...]
    """The first row of each chunk; the last chunk may overlap the one before."""
    upper: Float32 = field(repr=False)
    """(chunks, width, blocks of a chunk): written by each run."""
    _requests: list[Any]
    _pieces: list[tuple[Any, ...]]
    _kept: list[Any] = field(repr=False)

    def run(self, rows: int) -> None:
        """Bound the blocks of the first `rows` rows for the probes that were written."""
        chunks = self.chunks(rows)
        for number, piece in enumerate(self._pieces[:chunks]):
            request = self._requests[number % len(self._requests)]
            request.wait()
            *inputs, output = piece
            for place, tensor in enumerate(inputs, start=1):
                request.set_input_tensor(place, tensor)
            request.set_output_tensor(0, output)
            request.start_async()
        for request in self._requests:
            request.wait()

    def chunks(self, rows: int) -> int:
        """How many chunks these rows touch."""
        per_chunk: int = self.upper.shape[2] * BLOCK
        return min(-(-rows // per_chunk), len(self.starts))

    def blocks(self, place: int, rows: int) -> Float32:
        """The upper bound of every block of these rows for one probe, in order."""
        chunks = self.chunks(rows)
        per_chunk: int = self.upper.shape[2]
        before = per_chunk * (chunks - 1)
        again = before - self.starts[chunks - 1] // BLOCK
        upper = self.upper[:chunks, place].reshape(-1)
        return np.concatenate((upper[:before], upper[before + again :]))

    def scrub(self) -> None:
        """Overwrite the probes and the bounds."""
        self.probes.scrub()
        self.upper.fill(0)

    def scrub_inside(self) -> None:
        """Put empty probes through, so that the scores inside the network are overwritten too."""
        self.scrub()
        for request in self._requests:
            request.start_async()
            request.wait()
        self.upper.fill(0)


def can_scan(dimension: int) -> bool:
    """Whether this processor multiplies bytes exactly, and the sums of this dimension are exact.

    Processors without the instructions for it may saturate in between, which would break the
    proof; so the largest sums there are get tried, once.
    """
    return dimension <= LONGEST and _is_exact(dimension)


def scan_of(codes: Codes, width: int, threads: int) -> Scan:
    """Prepare a first pass over these codes, in place."""
    rows, dimension = codes.numbers.shape
    chunk = chunk_of(rows)
    starts = tuple(min(top, rows - chunk) for top in range(0, rows, chunk))
    upper = np.zeros((len(starts), width, chunk // BLOCK), np.float32)
    probes = probe_room(width, dimension)
    compiled = _compiled(dimension, width, chunk, threads)
    shared = {0: _tensor(probes.numbers), 5: _tensor(probes.steps)}
    requests = [compiled.create_infer_request() for _ in range(threads + 1)]
    pieces = [
        (
            _tensor(codes.numbers[top : top + chunk]),
            _tensor(codes.offsets[:, top : top + chunk]),
            _tensor(codes.steps[:, top : top + chunk]),
            _tensor(codes.slacks[:, top : top + chunk]),
            _tensor(upper[number]),
        )
        for number, top in enumerate(starts)
    ]
    for request in requests:
        for place, tensor in shared.items():
            request.set_input_tensor(place, tensor)
        for place, tensor in enumerate(pieces[0][:-1], start=1):
            request.set_input_tensor(place, tensor)
        request.set_output_tensor(0, pieces[0][-1])
    return Scan(
        probes=probes,
        starts=starts,
        upper=upper,
        _requests=requests,
        _pieces=pieces,
        _kept=[compiled, shared],
    )


def chunk_of(rows: int) -> int:
    """How many rows go through at once; `rows` is a multiple of BLOCK."""
    return min(rows, CHUNK if rows >= 2 * CHUNK else SMALL_CHUNK)


@cache
def _core() -> Any:
    import openvino

    return openvino.Core()


@lru_cache(maxsize=32)
def _compiled(dimension: int, width: int, chunk: int, threads: int) -> Any:
    """Compile (w+128, u, offsets, s, slacks, t) -> the highest upper bound of each block."""
    import openvino
    from openvino import opset13 as op

    probes = op.parameter([width, dimension], np.uint8)
    codes = op.parameter([chunk, dimension], np.int8)
    offsets, steps, slacks = (op.parameter([1, chunk], np.float32) for _ in range(3))
    probe_steps = op.parameter([width, 1], np.float32)
    one = op.constant(np.float32(1))
    sums = op.matmul(
        op.multiply(op.convert(probes, "f32"), one),
        op.multiply(op.convert(codes, "f32"), one),
        transpose_a=False,
        transpose_b=True,
    )
    products = op.multiply(op.multiply(op.subtract(sums, offsets), steps), probe_steps)
    blocks = op.reshape(op.add(products, slacks), [width, chunk // BLOCK, BLOCK], False)
    highest = op.reduce_max(blocks, [2], False)
    # OpenVINO multiplies in bytes only in a model that has a FakeQuantize somewhere.
    edges = [op.constant(np.float32(edge)) for edge in (0, 255, 0, 255)]
    mark = op.fake_quantize(op.constant(np.zeros((1, 1), np.float32)), *edges, 256)
    inputs = [probes, codes, offsets, steps, slacks, probe_steps]
    return _core().compile_model(
        openvino.Model([highest, mark], inputs),
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": threads,
        },
    )


def _multiplies_bytes(compiled: Any) -> bool:
    kinds = {
        step.get_rt_info()["runtimePrecision"].astype(str)
        for step in compiled.get_runtime_model().get_ordered_ops()
        if step.get_rt_info()["layerType"].astype(str) in {"MatMul", "FullyConnected"}
    }
    return bool(kinds) and kinds <= {"u8", "i8"}


@cache
def _is_exact(dimension: int) -> bool:
    if not _multiplies_bytes(_compiled(dimension, 1, BLOCK, 1)):
        return False
    falling = np.where(np.arange(dimension) % 2, -1.0, 1.0)
    return all(
        _sums_exactly(LARGEST * signs, width)
        for signs in (np.ones(dimension), -np.ones(dimension), falling)
        for width in WIDTHS
    )


def _sums_exactly(row: Float64, width: int) -> bool:
    codes = room_for(BLOCK, len(row))
    codes.numbers[:] = row
    codes.offsets[:] = SHIFT * row.sum()
    codes.steps[:] = 1
    codes.slacks[:] = 0
    scan = scan_of(codes, width, 1)
    scan.probes.numbers[:] = SHIFT + LARGEST
    scan.probes.steps[:] = 1
    scan.run(BLOCK)
    return bool(np.all(scan.upper == LARGEST * row.sum()))


def _tensor(array: np.ndarray[Any, Any]) -> Any:
    import openvino

    return openvino.Tensor(array, shared_memory=True)
