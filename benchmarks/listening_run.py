"""The command `overt` whose cameras are those of `benchmarks.listening_camera`; all else is its own."""

from functools import partial

from overt.__main__ import main
from overt.live import run

if __name__ == "__main__":
    listening = partial(run.Run, camera_module="benchmarks.listening_camera")
    setattr(run, "Run", listening)  # noqa: B010  mypy knows it as a class
    main()
