"""Lists that are searched in two passes although they are short enough to check by eye."""

from dataclasses import replace

import numpy as np

from overt.matches.codes import probe_room, room_for
from overt.matches.first_pass import FirstPass
from overt.matches.gallery import Gallery
from overt.units import Float32, UInt8


def in_two_passes(gallery: Gallery) -> Gallery:
    """The same list, in the same memory, with a first pass for any number of probes."""
    codes = room_for(*gallery.vectors.shape)
    codes.write(0, gallery.vectors)
    return replace(gallery, first_pass=FirstPass(codes, threads=1, several_from=0, alone_from=0))


def codes_of(probe: Float32) -> UInt8:
    room = probe_room(1, len(probe))
    room.write(0, probe)
    numbers: UInt8 = room.numbers[0].copy()
    room.numbers.fill(0)
    return np.asarray(numbers)
