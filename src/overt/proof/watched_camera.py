"""The process that holds the canary test's camera: the real one, whose memory may be searched."""

from overt.live import camera
from overt.proof.watched import hand_over_memory


def main() -> None:
    hand_over_memory("camera")
    camera.main()


if __name__ == "__main__":
    main()
