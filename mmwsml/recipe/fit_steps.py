"""The steps of ``mmwsml fit``; one whose file is there is done."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config

from mmwsml.structures.whole_file import write_whole

from .alike import MOST_IMAGES
from .backbone import Backbone, check_weights, choose_backbone
from .budget import choose_epochs, measure_step
from .config_text import Data, Way, write_config
from .defaults import Defaults, defaults_for
from .fitted_folder import HEAD, SPLITS, FittedFolder
from .head_phase import fit_head, score_features
from .image_features import compute_features, load_own_config, share_out
from .outcome import has_scores, measure, save_scores
from .plan import Plan
from .progress import Progress
from .read_parts import GivenLabels, read_given
from .request import Request
from .split_parts import group_images, save_parts, split_parts

#: A head learns from labels that say what is known and what is not.
TRAIN = 'partial'


@dataclass(frozen=True)
class Fit:
    """A fit at work."""

    request: Request
    folder: FittedFolder
    plan: Plan
    progress: Progress

    @property
    def data(self) -> Data:
        """What the data say, once :func:`prepare` has written it down."""
        return Data(**self.plan.get('data'))

    @property
    def backbone(self) -> Backbone:
        """The backbone, likewise."""
        return Backbone(**self.plan.get('backbone'))

    @property
    def defaults(self) -> Defaults:
        """How to train where nobody has said how."""
        is_pretrained = not self.backbone.is_untrained
        num_train = self.plan.get('num_train')
        return _defaults(self.backbone.base, num_train, is_pretrained)


def prepare(fit: Fit) -> None:
    """Read labels, choose a backbone, split: all that may be refused."""
    if fit.folder.labels('train').is_file():
        fit.progress.say('labels, split and features: as they are there')
        return
    given = read_given(fit.request)
    for note in given.notes:
        fit.progress.say(note)
    images = given.all_images()
    fit.progress.say(
        f'{len(images)} images, {len(given.classes)} classes, labels '
        f'{_kind(given, "train")}'
    )
    with fit.progress.quiet():
        _choose_model(fit, given)
    fit.progress.say(_tell_model(fit))
    if fit.request.budget:
        _check_budget(fit)
    features = _look_at(fit, given)
    num = len(given.parts['train'])
    tells = num <= MOST_IMAGES and not fit.backbone.is_untrained
    close = features[:num] if tells else None
    groups, notes = group_images(given, fit.request, close)
    parts = split_parts(given, groups, fit.request)
    notes += save_parts(parts, fit.data.labels, fit.folder)
    for note in notes:
        fit.progress.say(note)
    fit.plan.note(notes=[*given.notes, *notes], num_train=len(parts['train']))


def _choose_model(fit: Fit, given: GivenLabels) -> None:
    """Choose backbone and size, and write the config of the head."""
    request = fit.request
    backbone = choose_backbone(request, fit.folder.weights)
    num_train = len(given.parts['train'])
    found = _defaults(backbone.base, num_train, not backbone.is_untrained)
    labels = {name: _kind(given, name) for name in SPLITS}
    data = Data(
        images=fit.plan.get('images'),
        num_classes=len(given.classes),
        labels=dict(labels, train=TRAIN),
        size=request.size or found.size,
        batch_size=found.batch_size,
        seed=request.seed,
    )
    fit.plan.note(
        data=data._asdict(),
        backbone=backbone._asdict(),
        classes=given.classes,
        num_train=num_train,
    )
    path = fit.folder.config_of(HEAD)
    write_whole(path, write_config(data, backbone, head_way(data)))
    check_weights(load_own_config(path), backbone)


def _check_budget(fit: Fit) -> None:
    """Refuse a budget that is too small, before anything long runs."""
    with fit.progress.quiet():
        step = measure_step(load_own_config(fit.folder.config_of(HEAD)))
    number = fit.plan.get('num_train')
    choose_epochs(fit.request.budget, step, number, fit.defaults)


def head_way(data: Data) -> Way:
    """Say how a head is made in closed form."""
    hook = dict(
        type='mmwsml.MultinomialDiscriminantHook',
        # It learns from complete labels alone.
        learn_validation=data.labels['val'] == 'complete',
    )
    return Way(
        'A head in closed form on a backbone that stays as it is',
        'closed-form',
        dict(type='mmwsml.MultinomialHead'),
        {},
        dict(custom_hooks=[hook]),
    )


def _look_at(fit: Fit, given: GivenLabels) -> np.ndarray:
    """Compute the features of all images."""
    images = given.all_images()
    # It takes longest, so it is said before.
    fit.progress.say(f'features of {len(images)} images at {fit.data.size} px')
    with fit.progress.quiet():
        return compute_features(
            fit.folder,
            fit.folder.config_of(HEAD),
            images,
            given.classes,
        )


def make_head(fit: Fit) -> None:
    """Make the head in closed form and score all images with it."""
    if not has_scores(fit.folder, HEAD):
        with fit.progress.quiet():
            share_out(fit.folder)
            model = fit_head(fit.folder, fit.folder.config_of(HEAD), HEAD)
            save_scores(fit.folder, HEAD, score_features(model, fit.folder))
    found = measure(fit.folder, HEAD, 'val')
    fit.progress.say(f'head on frozen features: {found} on validation')


def _kind(given: GivenLabels, split: str) -> str:
    return 'complete' if given.is_complete(split) else 'partial'


def _defaults(base: str, num_images: int, is_pretrained: bool) -> Defaults:
    kind = Config.fromfile(base).model.backbone.type.rpartition('.')[2]
    cuda = torch.cuda.is_available()
    return defaults_for(num_images, kind, is_pretrained, cuda)


def _tell_model(fit: Fit) -> str:
    backbone = fit.backbone
    if backbone.is_untrained:
        return (
            f'{backbone.name} from nothing (--weights none): a head on it is '
            'a poor one, and the network needs a --budget'
        )
    return f'{backbone.name}, weights of {Path(backbone.weights).name}'
