"""On what a measurement was made: pack, precision, engine, libraries, processor."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import overt
from overt.models.library import Pack
from overt.templates.load import Networks

LIBRARIES: Final = ("openvino", "numpy", "scipy", "opencv-python-headless", "pillow", "av")


@dataclass(frozen=True, slots=True)
class MeasuredSystem:
    pack: Pack
    networks: Networks

    def as_json(self) -> Mapping[str, object]:
        manifest = self.pack.manifest
        return {
            "overt": overt.__version__,
            "pack": manifest.name,
            "pack_version": manifest.version,
            "pack_digest": self.pack.digest,
            "model": self.networks.model,
            "precision": self.networks.precision,
            "threshold_floor": manifest.threshold_floor,
            "engine": self.networks.engine,
            "libraries": {name: version(name) for name in LIBRARIES},
            "python": platform.python_version(),
            "system": platform.platform(),
            "processor": _processor(),
            "processors": os.cpu_count(),
        }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
