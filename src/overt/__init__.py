"""Live facial recognition that proves its own limits.

Importing this package first keeps BLAS to one thread: its spinning workers starve the
inference threads (a third of the frame rate, measured), and numpy reads the variable once.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

__version__ = "0.1.0"
