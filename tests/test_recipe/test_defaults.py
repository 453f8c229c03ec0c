"""Tests of the rule of what is trained how."""

import pytest

from mmwsml.recipe.defaults import Defaults, defaults_for


def test_measured() -> None:
    """What was measured is what comes out."""
    assert defaults_for(4800) == Defaults(224, 1e-5, 10, 16, 8, True)
    assert defaults_for(4000, 'DigitNet', pretrained=False) == Defaults(
        64, 1e-3, 1, 16, 15, False
    )


def test_epochs_fall_with_images() -> None:
    """Few images are seen more often, many images fewer times."""
    epochs = [defaults_for(n).epochs for n in (1, 300, 1200, 4800, 10**6)]
    assert epochs == [64, 32, 16, 8, 4]


def test_gpu() -> None:
    """Many images on a GPU come in larger batches, with a larger rate."""
    found = defaults_for(100_000, cuda=True)
    assert (found.batch_size, found.rate) == (64, 2e-5)
    assert defaults_for(100_000).batch_size == 16


def test_no_image() -> None:
    """There must be an image."""
    with pytest.raises(ValueError, match='num_images'):
        defaults_for(0)
