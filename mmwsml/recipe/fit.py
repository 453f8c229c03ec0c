"""From labels and images to a model: ``mmwsml fit``."""

import json
import os
from shlex import quote
from typing import Any, Dict, Optional, Union

from mmwsml.engine.linear_discriminant import NoContrastError
from mmwsml.label_files.read_options import ReadOptions
from mmwsml.structures.held_folder import hold_folder

from .fit_steps import Fit, make_head, prepare
from .fitted_folder import NETWORK, FittedFolder
from .given_paths import check_images
from .kept_run import choose_run
from .network_phase import make_network
from .network_way import check_method
from .outcome import (
    calibrate,
    has_scores,
    publish,
    refuse_changed_config,
)
from .plan import make_folder, open_plan
from .progress import Progress
from .report_page import write_report
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
    request = Request(
        labels=os.fspath(labels),
        images=os.fspath(images),
        out=os.fspath(out),
        val=None if val is None else os.fspath(val),
        test=None if test is None else os.fspath(test),
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

    Raises:
        OSError: If the folder cannot be written to, or is of something else.
        ValueError: If another process fits there, or as :func:`fit`.
    """
    folder = FittedFolder(request.out)
    check_images(request.images)
    make_folder(folder.path)
    with hold_folder(folder.path) as lock:
        if lock is None:
            raise ValueError(
                f'Another process is fitting in {request.out}: wait for it, '
                'end it, or choose another --out.'
            )
        plan = open_plan(folder, request)
        refuse_changed_config(folder)
        check_method(request.method, request.budget)
        work = Fit(request, folder, plan, Progress(folder.log))
        prepare(work)
        make_head(work)
        if request.budget or has_scores(folder, NETWORK):
            add_network(work)
        keep(work, choose_run(folder))
    return folder


def add_network(work: Fit) -> None:
    """Train the network; where that diverges, the head stays alone."""
    try:
        make_network(work)
    except NoContrastError:
        work.plan.note(diverged=True)
        work.folder.verdict.unlink(missing_ok=True)
        work.progress.say(
            'network: it has diverged, and says the same of all images; the '
            'head on frozen features is kept'
        )


def keep(work: Fit, run: str) -> None:
    """Calibrate and publish the model of a run, judge it, say where it is."""
    folder, say = work.folder, work.progress.say
    if not folder.model.is_file() or work.plan.get('kept') != run:
        with work.progress.quiet():
            text = calibrate(folder, run)
            publish(folder, run)
        work.plan.note(kept=run)
        say(f'model.pth of the {run}, {text}')
        folder.verdict.unlink(missing_ok=True)
    if not (folder.verdict.is_file() and folder.report.is_file()):
        with work.progress.quiet():
            write_report(folder)
    content = json.loads(folder.verdict.read_text(encoding='utf-8'))
    for line in content['lines']:
        say(line)
    say(
        f'{folder.path}: report.html, model.pth, config.py, thresholds.json, '
        f'verdict.json; mmwsml predict {quote(str(folder.path))} IMAGES --out '
        'scores.csv uses it'
    )
