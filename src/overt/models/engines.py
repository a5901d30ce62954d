"""The engine that runs networks: OpenVINO on this machine's processor, at a precision asked for.

OpenVINO's own default is bf16 where the processor has it, which moves cosines by up to 0.03
between hosts; so the precision is always set, and what engaged is checked and told. A network
here has one fixed shape and its own buffers: nothing is allocated for a face, and `scrub`
overwrites all that held one.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from threading import Lock
from typing import Any, Final, Protocol

import numpy as np

from overt.errors import Fault, Refused
from overt.models.library import Pack
from overt.models.manifest import ColourOrder, DetectorFacts, EncoderFacts, Layout, Precision
from overt.units import Float32, UInt8

_OPENVINO_NAMES: Final = {Precision.F32: "f32", Precision.BF16: "bf16"}


class FixedNetwork(Protocol):
    """A network of one shape: write `pixels`, `run`, read `outputs`; they are reused."""

    pixels: UInt8
    """(n, height, width, 3) uint8 BGR."""
    outputs: dict[str, Float32]
    """By every name that the network gives an output."""

    def run(self) -> None: ...
    def scrub(self) -> None: ...


class Lane(FixedNetwork, Protocol):
    """A network that computes while its caller does something else."""

    def start(self) -> None:
        """Begin a run; leave `pixels` and `outputs` alone until `finish`."""
        ...

    def finish(self) -> None:
        """Wait for the run that was started; at once where there is none."""
        ...


_making: Final = Lock()
"""Networks are compiled side by side: one engine for all of them."""


def _core() -> Any:
    with _making:
        return _one_core()


@cache
def _one_core() -> Any:
    import openvino

    return openvino.Core()


def openvino_version() -> str:
    import openvino

    return str(openvino.__version__).split("-", maxsplit=1)[0]


def supported_precisions() -> frozenset[Precision]:
    """What this processor computes in; float32 always, bf16 where it has the instructions."""
    able = _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return frozenset({Precision.F32} | ({Precision.BF16} if "BF16" in able else set()))


def require_precision(precision: Precision) -> None:
    """Refused where the processor would compute in something else."""
    if precision not in supported_precisions():
        raise Refused(
            f"this processor does not compute in {precision.value}: choose precision f32, "
            "with a threshold calibrated for it"
        )


def describe_openvino(precision: Precision, threads: int) -> str:
    return f"OpenVINO {openvino_version()} CPU {precision.value}, {_threads(threads)}"


def _threads(threads: int) -> str:
    return "1 thread" if threads == 1 else f"{threads} threads"


@dataclass(slots=True)
class OpenVinoNetwork:
    """A compiled network with its input and output memory, which OpenVINO uses in place."""

    pixels: UInt8
    outputs: dict[str, Float32]
    _buffers: list[Float32]
    _request: Any
    _kept: list[Any] = field(repr=False)
    """Tensors that share the buffers; OpenVINO holds no reference of its own."""
    _blank: bool = True
    """Nothing but an empty picture has gone through since the last `scrub`."""

    def run(self) -> None:
        self.start()
        self.finish()

    def start(self) -> None:
        self._blank = False
        # Not infer(): it returns the outputs as copies, which nobody could overwrite later.
        self._request.start_async()

    def finish(self) -> None:
        self._request.wait()

    def scrub(self) -> None:
        """Put an empty picture through, so that memory inside the network is overwritten too."""
        self.pixels.fill(0)
        if self._blank:
            return
        self.run()
        for buffer in self._buffers:
            buffer.fill(0)
        self._blank = True


def compile_openvino(
    pack: Pack,
    facts: DetectorFacts | EncoderFacts,
    *,
    shape: tuple[int, int, int],
    precision: Precision,
    threads: int,
) -> OpenVinoNetwork:
    """Compile the network of `facts` for (number of pictures, height, width)."""
    compiled = _compiled(pack, facts, shape, precision, streams=1, threads=threads)
    return _with_buffers(compiled, (*shape, 3))


def compile_lanes(
    pack: Pack,
    facts: EncoderFacts,
    *,
    shape: tuple[int, int, int],
    precision: Precision,
    lanes: int,
) -> tuple[OpenVinoNetwork, ...]:
    """Compile it once for several that run side by side, each on a thread of its own."""
    compiled = _compiled(pack, facts, shape, precision, streams=lanes, threads=lanes)
    return tuple(_with_buffers(compiled, (*shape, 3)) for _ in range(lanes))


def _compiled(  # noqa: PLR0913  what the two kinds of compiled network differ in
    pack: Pack,
    facts: DetectorFacts | EncoderFacts,
    shape: tuple[int, int, int],
    precision: Precision,
    *,
    streams: int,
    threads: int,
) -> Any:
    require_precision(precision)
    how = {
        "INFERENCE_PRECISION_HINT": _OPENVINO_NAMES[precision],
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": streams,
        # Pinned threads of several networks would all wait for the same core.
        "ENABLE_CPU_PINNING": False,
    }
    network = _read(pack, facts)  # what is on the shelf was made of what is checked here
    name = f"{openvino_version()} {pack.digest} {facts.network} {shape} {how}"
    compiled = _from_the_shelf(pack, name, how)
    if compiled is None:
        model = _prepared(_read_model(network, pack, facts), pack, facts, shape)
        compiled = _core().compile_model(model, "CPU", how)
        pack.shelf.put(name, bytes(compiled.export_model().getbuffer()))
    _require_engaged(compiled, precision)
    return compiled


def _from_the_shelf(pack: Pack, name: str, how: dict[str, object]) -> Any | None:
    """The network as it was compiled here, to the last bit; None where that does not fit."""
    kept = pack.shelf.taken(name)
    if kept is None:
        return None
    try:
        return _core().import_model(kept, "CPU", how)
    except RuntimeError:  # another processor, or another build of the engine
        return None


def _read(pack: Pack, facts: DetectorFacts | EncoderFacts) -> tuple[bytes, bytes]:
    """The network and its weights; none where they are in one file."""
    return pack.read(facts.network), pack.read(facts.weights) if facts.weights is not None else b""


def _read_model(read: tuple[bytes, bytes], pack: Pack, facts: DetectorFacts | EncoderFacts) -> Any:
    """From the bytes that were checked, not from the path: nobody can change them in between."""
    try:
        return _core().read_model(*read)
    except RuntimeError as error:
        raise Refused(
            f"{facts.network} of the pack {pack.manifest.name} is not a network that OpenVINO "
            f"{openvino_version()} reads ({_first_line(error)})"
        ) from None


def _prepared(
    model: Any, pack: Pack, facts: DetectorFacts | EncoderFacts, shape: tuple[int, int, int]
) -> Any:
    """Fix the shape, and put reading of uint8 BGR pictures into the network itself."""
    import openvino
    from openvino.preprocess import ColorFormat, PrePostProcessor

    number, height, width = shape
    if len(model.inputs) != 1:
        raise Refused(
            f"{facts.network} of the pack {pack.manifest.name} has {len(model.inputs)} inputs; "
            "it must have one, a picture"
        )
    sides = (3, height, width) if facts.layout is Layout.NCHW else (height, width, 3)
    try:
        model.reshape(openvino.PartialShape([number, *sides]))
        steps = PrePostProcessor(model)
        picture = steps.input()
        picture.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
        picture.tensor().set_color_format(ColorFormat.BGR)
        picture.model().set_layout(openvino.Layout(facts.layout.value.upper()))
        change = picture.preprocess().convert_element_type(openvino.Type.f32)
        if facts.colour_order is ColourOrder.RGB:
            change.convert_color(ColorFormat.RGB)
        if any(facts.mean):
            change.mean(list(facts.mean))
        if facts.deviation != (1.0, 1.0, 1.0):
            change.scale(list(facts.deviation))
        for place in range(len(model.outputs)):
            steps.output(place).tensor().set_element_type(openvino.Type.f32)
        return steps.build()
    except RuntimeError as error:
        raise Refused(
            f"{facts.network} of the pack {pack.manifest.name} does not take "
            f"{number} picture(s) of {width}x{height} as {facts.layout.value}: "
            f"check its manifest ({_first_line(error)})"
        ) from None


def _require_engaged(compiled: Any, precision: Precision) -> None:
    engaged = compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
    if engaged != _OPENVINO_NAMES[precision]:
        raise Fault(f"OpenVINO engaged {engaged} where {precision.value} was asked for")


def _with_buffers(compiled: Any, pixel_shape: tuple[int, ...]) -> OpenVinoNetwork:
    import openvino

    request = compiled.create_infer_request()
    pixels = np.zeros(pixel_shape, np.uint8)
    kept = [openvino.Tensor(pixels, shared_memory=True)]
    request.set_input_tensor(kept[0])
    outputs: dict[str, Float32] = {}
    buffers: list[Float32] = []
    for place, output in enumerate(compiled.outputs):
        if output.partial_shape.is_dynamic:
            raise Refused(
                f"output {place} of the network has no fixed shape {output.partial_shape}: "
                "export it with a fixed number of rows, unused ones with score 0"
            )
        buffer = np.zeros(list(output.shape), np.float32)
        tensor = openvino.Tensor(buffer, shared_memory=True)
        request.set_output_tensor(place, tensor)
        kept.append(tensor)
        buffers.append(buffer)
        outputs.update(dict.fromkeys(output.names or {f"output{place}"}, buffer))
    return OpenVinoNetwork(pixels, outputs, buffers, request, kept)


def is_openvino_file(name: str) -> bool:
    return PurePosixPath(name).suffix in {".onnx", ".xml"}


def _first_line(error: RuntimeError) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200] if lines else type(error).__name__
