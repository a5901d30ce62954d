import numpy as np
import pytest

from overt.faces.redaction import ENLARGED, pixelate, redact_all_but
from overt.units import Float32, UInt8

FACE = np.array([100, 80, 160, 150], np.float32)


@pytest.fixture
def street() -> UInt8:
    return np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)


def boxes(*rows: Float32) -> Float32:
    return np.array(rows, np.float32).reshape(-1, 4)


@pytest.mark.requirement("R44")
def test_a_hidden_face_keeps_fewer_than_six_colours_across(street: UInt8) -> None:
    hidden = pixelate(street, boxes(FACE))

    row = hidden[115, 100:160]
    changes = np.count_nonzero(np.any(row[1:] != row[:-1], axis=1))
    assert changes <= 5


@pytest.mark.requirement("R44")
def test_hair_ears_and_chin_are_hidden_with_the_face(street: UInt8) -> None:
    changed = np.any(pixelate(street, boxes(FACE)) != street, axis=2)

    rows, columns = np.nonzero(changed)
    assert columns.min() <= 130 - 30 * ENLARGED + 1
    assert columns.max() >= 130 + 30 * ENLARGED - 2
    assert rows.min() <= 115 - 35 * ENLARGED + 1
    assert rows.max() >= 115 + 35 * ENLARGED - 2


def test_each_square_has_the_mean_colour_of_what_it_hides(street: UInt8) -> None:
    street[:] = 10
    street[:, :130] = 210

    hidden = pixelate(street, boxes(FACE))

    assert set(np.unique(hidden)) <= {10, 210, *range(11, 210)}
    assert abs(float(hidden.mean()) - float(street.mean())) < 1


def test_what_is_hidden_depends_on_nothing_but_the_means(street: UInt8) -> None:
    other = street.copy()
    left, top = 130 - 51, int(115 - 35 * ENLARGED)  # the first square, 12 pixels wide
    square = other[top : top + 12, left : left + 12].reshape(-1, 3)
    other[top : top + 12, left : left + 12] = square[::-1].reshape(12, 12, 3)

    assert np.array_equal(pixelate(street, boxes(FACE)), pixelate(other, boxes(FACE)))


def test_the_picture_itself_is_left_as_it_was(street: UInt8) -> None:
    before = street.copy()
    pixelate(street, boxes(FACE))
    assert np.array_equal(street, before)


@pytest.mark.requirement("R44")
def test_everybody_but_the_alerted_face_is_hidden(street: UInt8) -> None:
    shown, other = FACE, np.array([250, 90, 300, 150], np.float32)

    scene = redact_all_but(street, boxes(other), shown)

    assert np.array_equal(scene[80:150, 100:160], street[80:150, 100:160])
    assert not np.any(np.all(scene[90:150, 250:300] == street[90:150, 250:300], axis=2))


@pytest.mark.requirement("R44")
def test_where_faces_overlap_the_hidden_one_stays_hidden(street: UInt8) -> None:
    other = np.array([140, 80, 200, 150], np.float32)

    scene = redact_all_but(street, boxes(other), FACE)

    assert np.array_equal(scene[80:150, 100:140], street[80:150, 100:140])
    assert np.mean(np.all(scene[80:150, 140:160] == street[80:150, 140:160], axis=2)) < 0.01


@pytest.mark.parametrize(
    "box", [(-50, -50, 20, 20), (390, 290, 450, 350), (500, 10, 560, 80), (50, 50, 50, 50)]
)
def test_faces_over_the_edge_of_the_picture_do_no_harm(
    street: UInt8, box: tuple[float, ...]
) -> None:
    assert pixelate(street, boxes(np.array(box, np.float32))).shape == street.shape


def test_small_faces_are_hidden_in_squares_that_are_not_smaller_for_it(street: UInt8) -> None:
    hidden = pixelate(street, boxes(np.array([50, 50, 62, 62], np.float32)))
    assert len(np.unique(hidden[50:62, 50:62].reshape(-1, 3), axis=0)) <= 9
