"""Images of several sizes."""

import cv2
import numpy as np
import pytest


@pytest.fixture
def pictures(tmp_path):
    """Write seven random images of several sizes."""
    rng, paths = np.random.default_rng(0), []
    (tmp_path / 'pictures').mkdir()
    for n in range(7):
        image = rng.integers(0, 255, (10 + n % 3, 30, 3), np.uint8)
        paths.append(str(tmp_path / 'pictures' / f'{n}.png'))
        cv2.imwrite(paths[-1], image)
    return paths
