"""The size at which a picture is looked at: smaller than the picture, never larger.

The picture keeps its shape; what is left of the working size at the right and below stays black.
"""

from dataclasses import dataclass

from overt.errors import Refused


@dataclass(frozen=True, slots=True)
class WorkingSize:
    """A picture of `width` x `height` inside a network input of `frame_height`, `frame_width`."""

    frame_height: int
    frame_width: int
    height: int
    width: int
    to_picture: tuple[float, float]
    """What turns working pixels (x, y) into those of the full picture."""


def working_size_for(
    picture_width: int,
    picture_height: int,
    *,
    long_side: int,
    stride: int,
    fixed: tuple[int, int] | None,
) -> WorkingSize:
    """Fit the picture into `fixed` (height, width), or let its longer side be `long_side`."""
    if fixed is not None:
        scale = min(1.0, fixed[0] / picture_height, fixed[1] / picture_width)
    else:
        scale = min(1.0, long_side / max(picture_width, picture_height))
    width = max(1, round(picture_width * scale))
    height = max(1, round(picture_height * scale))
    frame_height, frame_width = fixed or (_up(height, stride), _up(width, stride))
    return WorkingSize(
        frame_height=frame_height,
        frame_width=frame_width,
        height=height,
        width=width,
        to_picture=(picture_width / width, picture_height / height),
    )


def require_working_size(size: tuple[int, int], stride: int) -> None:
    """Refused unless both sides are multiples of the network's stride."""
    if min(size) < stride or any(side % stride for side in size):
        raise Refused(
            f"the working size {size[1]}x{size[0]} does not suit the detector: "
            f"width and height must be multiples of {stride}"
        )


def _up(side: int, stride: int) -> int:
    return -(-side // stride) * stride
