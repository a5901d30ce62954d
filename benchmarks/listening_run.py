"""The command `overt` whose cameras are those of `benchmarks.listening_camera`; all else is its own."""

from functools import partial

from overt.__main__ import main
from overt.cli import run
from overt.live.camera_processes import CameraProcesses

if __name__ == "__main__":
    listening = partial(CameraProcesses, module="benchmarks.listening_camera")
    setattr(run, "CameraProcesses", listening)  # noqa: B010  mypy knows it as a class
    main()
