import cv2
import numpy as np
import pytest

from mmwsml.analysis.sheet_drawing import (
    GAP,
    TILE,
    Row,
    Tile,
    draw_sheet,
    format_score,
    read_tile,
    shorten,
)


@pytest.fixture
def picture(tmp_path):
    """Write a picture of one colour (BGR) and a size; return its path."""

    def write(height, width, color=(0, 0, 255)):
        path = str(tmp_path / f'{height}x{width}.png')
        cv2.imwrite(path, np.full((height, width, 3), color, np.uint8))
        return path

    return write


@pytest.mark.parametrize(
    'size', [(1, 1), (64, 64), (64, 32), (4000, 50), (30, 3000)]
)
def test_a_tile_holds_the_whole_picture(picture, size):
    tile = read_tile(picture(*size))
    red = (tile == (255, 0, 0)).all(-1)
    assert tile.shape == (TILE, TILE, 3)
    scale = TILE / max(size)
    expected = [max(1, round(scale * side)) for side in size]
    assert [red.any(1).sum(), red.any(0).sum()] == expected
    assert red.sum() == expected[0] * expected[1]


def test_small_pictures_show_their_pixels(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)
    cv2.imwrite(str(tmp_path / 'a.png'), pixels)
    tile = read_tile(str(tmp_path / 'a.png'))[..., 0]
    assert (tile == pixels.repeat(25, 0).repeat(25, 1)).all()


def test_no_picture_gives_no_tile(tmp_path):
    (tmp_path / 'a.png').write_text('text')
    (tmp_path / 'b.png').touch()
    for name in ('a.png', 'b.png', 'c.png', '.'):
        assert read_tile(str(tmp_path / name)) is None


def test_a_picture_stands_on_the_sheet_pixel_by_pixel(picture, tmp_path):
    rows = [Row('Title', [Tile(picture(9, 9), 0.5)])]
    assert draw_sheet(tmp_path / 'a.png', 'cat', 'all', rows, 1) == []
    sheet = cv2.imread(str(tmp_path / 'a.png'))
    red = (sheet == (0, 0, 255)).all(-1)
    assert red.any(0).nonzero()[0].tolist() == [*range(GAP, GAP + TILE)]
    assert red.any(1).sum() == TILE


def test_rows_and_long_names_make_a_sheet_higher(tmp_path):
    heights = []
    for name, num_rows in (('cat', 1), ('cat', 3), ('a long name ' * 9, 3)):
        rows = [Row('Title', [])] * num_rows
        draw_sheet(tmp_path / 'a.jpg', name, 'none', rows, 2)
        heights.append(len(cv2.imread(str(tmp_path / 'a.jpg'))))
    assert heights == sorted(set(heights))


@pytest.mark.parametrize('name', ['$x_{', '\\frac', 'a\nb', '', '  ', '%s'])
def test_any_name_can_be_drawn(tmp_path, name):
    rows = [Row('Title', [Tile(name, 0.5)])]
    unread = draw_sheet(tmp_path / 'a.jpg', name, 'none', rows, 1)
    assert unread == [name]


def test_letters_that_no_font_has_are_told(tmp_path, logged):
    draw_sheet(tmp_path / 'a.jpg', '\ue000', 'none', [], 1)  # private use
    assert 'a.jpg: some letters are boxes, since no font here' in logged[0]
    draw_sheet(tmp_path / 'a.jpg', 'Käfer жук', 'none', [], 1)
    assert len(logged) == 1


@pytest.mark.parametrize(
    'text, width, expected',
    [
        ('abc.png', 7, 'abc.png'),
        ('abcdef.png', 7, 'abc…png'),
        ('猫猫猫猫.png', 12, '猫猫猫猫.png'),
        ('猫猫猫猫.png', 9, '猫猫….png'),
        ('', 3, ''),
    ],
)
def test_the_middle_of_a_long_name_is_cut(text, width, expected):
    assert shorten(text, width) == expected


def test_extreme_scores_do_not_all_look_alike():
    scores = [0.9999, 0.99995, 0.5, 0.0001, 0.00005, 1.0, 0.0]
    assert len({format_score(score) for score in scores}) == len(scores)
    assert format_score(0.5) == 'score 0.500'
