import numpy as np

from mmwsml.engine.correction_picture import ImageLabels, draw_correction


def test_an_image_stands_above_a_line_for_each_label():
    image = np.full((10, 10, 3), (200, 0, 0), np.uint8)
    modified = [('dog', True), ('$x$ <i>', False), ('cat', None)]
    few = draw_correction(image, ImageLabels(['emu'], []))
    many = draw_correction(image, ImageLabels(['emu'], modified, ['cow' * 99]))
    assert few.dtype == np.uint8
    assert many.shape == (few.shape[0] + 4 * 22, *few.shape[1:])
    assert (many[150, 150] == (200, 0, 0)).all()
    below = many[330:].reshape(-1, 3).astype(int)
    green, red = (below[:, 1] - below[:, 0]), (below[:, 0] - below[:, 1])
    assert green.max() > 60 and red.max() > 60
