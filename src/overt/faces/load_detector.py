"""Which adapter runs which kind of detector."""

from typing import assert_never

from overt.faces.dlib_detector import DlibDetector, load_dlib_detector
from overt.faces.network_detector import Decode, NetworkDetector
from overt.faces.plain_detector import decode_plain
from overt.faces.working_size import require_working_size
from overt.faces.yunet import decode_yunet
from overt.models.engines import FixedNetwork, compile_openvino
from overt.models.library import Pack
from overt.models.manifest import DetectorFacts, DetectorKind, Precision


def load_detector(
    pack: Pack,
    facts: DetectorFacts,
    *,
    precision: Precision,
    threads: int,
    working_size: tuple[int, int] | None,
) -> NetworkDetector | DlibDetector:
    """Load the pack's detector; `working_size` is (height, width), None follows each picture."""
    if working_size is not None:
        require_working_size(working_size, facts.stride)

    def compile_for(height: int, width: int) -> FixedNetwork:
        return compile_openvino(
            pack, facts, shape=(1, height, width), precision=precision, threads=threads
        )

    def network_detector(decode: Decode) -> NetworkDetector:
        side = facts.second_look
        second = compile_for(side, side) if side else None
        return NetworkDetector(facts, decode, compile_for, working_size, second)

    match facts.kind:
        case DetectorKind.YUNET:
            return network_detector(decode_yunet)
        case DetectorKind.PLAIN:
            return network_detector(decode_plain)
        case DetectorKind.DLIB_HOG:
            return load_dlib_detector(pack, facts, working_size=working_size)
        case _:
            assert_never(facts.kind)
