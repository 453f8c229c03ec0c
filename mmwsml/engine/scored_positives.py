"""Hidden positives from scores, where no label set is complete."""

import numpy as np
import torch
from mmengine.runner import Runner

from mmwsml.datasets.infos import iter_datasets, iter_observed
from mmwsml.evaluation.class_frequency import estimate_frequencies
from mmwsml.structures import ImageRows

from .full_pass import join_images, make_loader, predict_images
from .head import bare_model, head_of
from .hidden_positives import HiddenPositives, of_shares
from .samples import known_labels

#: In the message hub: the estimated share of positives of each class.
SHARES = 'estimated_shares_of_positives'


def has_positives_alone(runner: Runner) -> bool:
    """Whether validation has positives, and no image with a negative."""
    if runner.val_loop is None:
        return False
    infos = list(iter_observed(runner.val_dataloader.dataset))
    return any(len(info['gt_label']) for info in infos) and not any(
        'neg_label' not in info or len(info['neg_label']) for info in infos
    )


def estimate_by_scores(runner: Runner) -> HiddenPositives:
    """Estimate hidden positives with the model as it is now.

    The validation images are predicted once, on all processes, without a
    change to the model or to random numbers, and
    :func:`~mmwsml.evaluation.class_frequency.estimate_frequencies` compares
    their positives with all of them. The result goes into checkpoints: a run
    that is resumed has the same.

    Args:
        runner (Runner): The run, with validation on positives alone.
    """
    hub = runner.message_hub
    if SHARES not in hub.runtime_info:
        hub.update_info(SHARES, _estimate(runner).tolist())
    shares = np.array(hub.get_info(SHARES))
    number = len(runner.val_dataloader.dataset)
    source = f'scores of {number} validation images and their positives'
    return of_shares(runner, shares, source)


def _estimate(runner: Runner) -> np.ndarray:
    model, like = bare_model(runner), runner.val_dataloader
    number, known = head_of(runner).num_classes, known_labels(like.dataset)
    rows = ImageRows(known.keys)
    first = next(iter_datasets(like.dataset))
    images = join_images(like.dataset, first.pipeline.transforms)
    size = like.batch_sampler.batch_size
    loader = make_loader(images, like, size, like.num_workers)
    logits = predict_images(model, loader, rows, number)
    marks = known.marks(rows.keys, number)
    scores = torch.from_numpy(logits).double().sigmoid().numpy()
    found = estimate_frequencies(scores, marks > 0, marks < 0)
    (low, high), total = found.total_interval, found.total
    runner.logger.info(
        f'Positives of {len(marks)} validation images, estimated from scores '
        f'in the place of complete labels: {total:.0f} (95 % interval '
        f'{low:.0f} to {high:.0f}; {(marks > 0).sum()} are observed). It '
        'holds where labels were observed at random within a class.'
    )
    if (marks > 0).sum(1).max() <= 1:
        runner.logger.warning(
            'No validation image shows more than one label, so that how many '
            'an image has cannot be told for sure: give the hook `kappa` '
            'where you know it, or label 50 images completely '
            '(tools/analysis/sample_for_review.py draws which).'
        )
    return found.number / len(marks)
