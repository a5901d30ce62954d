"""Live facial recognition that proves its own limits.

Importing this package first keeps BLAS to one thread: its spinning workers starve the
inference threads (a third of the frame rate, measured), and numpy reads the variable once. And it
keeps OpenVINO from telling its maker of each start: `import openvino` begins a thread that sends
an identifier of this machine and account over the network, unless somebody had refused that.
"""

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
for _telling in ("openvino_telemetry", "openvino.tools.ovc"):
    # None is Python's own way to say that a module is not there; OpenVINO does without these.
    sys.modules[_telling] = None  # type: ignore[assignment] # not in its stubs

__version__ = "0.1.0"
