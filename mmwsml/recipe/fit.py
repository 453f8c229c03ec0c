"""From labels and images to a model: ``mmwsml fit``."""

import os
from typing import Any, Dict, Optional, Union

from mmwsml.label_files.read_options import ReadOptions

from .fitted_folder import FittedFolder
from .read_parts import read_given
from .request import Request

PathLike = Union[str, 'os.PathLike[str]']


def fit(
    labels: PathLike,
    images: PathLike,
    out: PathLike,
    val: Optional[PathLike] = None,
    test: Optional[PathLike] = None,
    read: Optional[Dict[str, Any]] = None,
    held_out_rest: Optional[str] = None,
    skip_bad: bool = False,
    backbone: Optional[str] = None,
    weights: Optional[PathLike] = None,
    size: Optional[int] = None,
    budget: float = 0,
    method: Optional[str] = None,
    seed: int = 0,
) -> FittedFolder:
    """Make a model of images and of what is known of them.

    A fit that was stopped goes on with the same call; one that is done does
    nothing. The command ``mmwsml fit`` is the same.

    Args:
        labels (str): Table, JSON or folder of labels, in any form of
            docs/own-labels.md.
        images (str): Folder of the images.
        out (str): Folder of all that is made; see :class:`FittedFolder`.
        val (str, optional): Labels to choose by. Defaults to None: 15 % of
            the images.
        test (str, optional): Labels to judge by. Defaults to None: likewise.
        read (dict, optional): How labels are read, the options of
            :class:`ReadOptions`: ``dict(rest='unknown')``. Defaults to None,
            as they say themselves.
        held_out_rest (str, optional): ``rest`` of ``val`` and ``test``.
            Defaults to None: the same.
        skip_bad (bool): Leave bad entries and missing images out, and count
            them. Defaults to False.
        backbone (str, optional): A base of configs/_base_/models. Defaults to
            None: the one whose weights are there.
        weights (str, optional): Pre-trained weights of the backbone; 'none':
            a network from nothing. Defaults to None: those that are there.
        size (int, optional): Of the square images, in pixels. Defaults to
            None: by the number of images and the device.
        budget (float): Minutes to train the whole network in. Defaults to 0:
            the head alone.
        method (str, optional): Name of the method. Defaults to None: chosen.
        seed (int): Of split and training. Defaults to 0.

    Returns:
        FittedFolder: Where everything is.

    Raises:
        FileNotFoundError: If a file or an image is missing.
        ValueError: If what is asked cannot be done; in a sentence, before
            anything long runs.
    """
    paths = dict(labels=labels, images=images, out=out, val=val, test=test)
    request = Request(
        **{k: None if v is None else os.fspath(v) for k, v in paths.items()},
        read=ReadOptions(**(read or {})),
        held_out_rest=held_out_rest,
        skip_bad=skip_bad,
        backbone=backbone,
        weights=None if weights is None else os.fspath(weights),
        size=size,
        budget=budget,
        method=method,
        seed=seed,
    )
    return run_fit(request)


def run_fit(request: Request) -> FittedFolder:
    """Do what a request asks, as far as it is not done.

    Args:
        request (Request): Checked.

    Returns:
        FittedFolder: Where everything is.
    """
    read_given(request)
    return FittedFolder(request.out)
