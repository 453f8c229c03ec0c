"""A published model, and images to name."""

import shutil

import cv2
import numpy as np
import pytest

from mmwsml.inference.publish import publish_model
from mmwsml.recipe.fitted_folder import FittedFolder


@pytest.fixture
def published(small_checkpoint, small_config, tmp_path):
    return publish_model(
        small_checkpoint, small_config, out_dir=str(tmp_path / 'out')
    )


@pytest.fixture
def fitted(published, tmp_path):
    """Make the folder of a fit that has nothing but a model."""
    folder = FittedFolder(tmp_path / 'fit')
    folder.path.mkdir()
    shutil.copy(published, folder.model)
    return folder


@pytest.fixture
def photos(tmp_path):
    """Make a folder with three images and two other files."""
    folder, rng = tmp_path / 'photos', np.random.default_rng(0)
    folder.mkdir()
    for n in range(3):
        image = rng.integers(0, 255, (20 + n, 30, 3), np.uint8)
        cv2.imwrite(str(folder / f'{n}.png'), image)
    for name in ('labels.csv', 'notes'):
        (folder / name).touch()
    return folder
