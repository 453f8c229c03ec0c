"""Corrected labels of a run as files to train on and to look through."""

from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

from mmcv.transforms import LoadImageFromFile
from mmengine.config import Config
from mmengine.registry import DATASETS, DefaultScope
from torch.utils.data import Dataset

from mmwsml.analysis.run_config import read_training_set
from mmwsml.datasets.infos import iter_datasets
from mmwsml.datasets.transforms import LoadFeatures
from mmwsml.inference.checkpoint import load_from_plain_file
from mmwsml.inference.trained_classes import classes_of, refuse_other_classes
from mmwsml.structures.overwriting import refuse_to_overwrite

from .annotations import write_annotations
from .corrections import (
    corrected_annotations,
    list_corrections,
    read_refused,
    write_table,
)

REMEDY = 'name a config that you trust with --config'


def export_corrections(
    run: str,
    checkpoint: Optional[str] = None,
    out: Optional[str] = None,
    keep_out: Optional[str] = None,
    refused_are_negative: bool = False,
    config: Optional[str] = None,
    force: bool = False,
) -> Tuple[Path, Path]:
    """Write the corrected labels of a run.

    Args:
        run (str): Work dir of a run with a label memory (LL-Cp, MIME).
        checkpoint (str, optional): Defaults to None, the last of the run.
        out (str, optional): Folder of the files. Defaults to None,
            ``RUN/corrections``.
        keep_out (str, optional): CSV of corrections that a person refused,
            ``sample_id`` and ``class``. Defaults to None.
        refused_are_negative (bool): Whether the refused become observed
            negatives. Defaults to False.
        config (str, optional): A config that is run, for a data set that is
            not of the mm packages. Defaults to None: what the run wrote down,
            read as data.
        force (bool): Whether to replace the files if they are there. Defaults
            to False.

    Returns:
        tuple[Path, Path]: ``annotations.json``, a file of
        :class:`mmwsml.PartialLabelDataset`, and ``corrections.csv``.

    Raises:
        FileExistsError: If a file is there, or is ``keep_out``.
        FileNotFoundError: If the run has no checkpoint or config.
        ValueError: If the checkpoint has no label memory, or is not one of
            this data set or its classes, or the data set may not be built.
    """
    folder = Path(out or Path(run) / 'corrections')
    annotations, table = (
        folder / 'annotations.json',
        folder / 'corrections.csv',
    )
    refuse_to_overwrite([annotations, table], [keep_out], force)
    if config is None:
        source = read_training_set(Path(run), REMEDY, with_labels=True)
    else:
        source = Config.fromfile(config).train_dataloader.dataset
    path = checkpoint or _last_checkpoint(Path(run))
    content = load_from_plain_file(path, 'cpu')
    state = content.get('label_store')
    if not state or 'class' not in state:
        raise ValueError(
            f'The checkpoint {path} holds no label memory: only runs whose '
            '`model.head.label_store` is one (LL-Cp, MIME) correct labels for '
            'good.'
        )
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        dataset = DATASETS.build(source)
    classes = list(dataset.metainfo['classes'])
    refuse_other_classes(
        classes_of(content),
        classes,
        'The training set',
        f'give it the classes that it had when {path} was written',
    )
    known, truth = _read_labels(dataset)
    corrections = list_corrections(state, truth)
    refused = read_refused(Path(keep_out)) if keep_out else None
    data_list = corrected_annotations(
        known, corrections, classes, refused, refused_are_negative
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_annotations(annotations, classes, data_list)
    write_table(table, corrections, classes)
    return annotations, table


def _last_checkpoint(run: Path) -> str:
    note = run / 'last_checkpoint'
    if not note.exists():
        raise FileNotFoundError(
            f'{run} has no checkpoint yet: wait for one, or name one with '
            '--checkpoint.'
        )
    # The folder may have been moved since the note was written.
    return str(run / Path(note.read_text(encoding='utf-8').strip()).name)


def _read_labels(
    dataset: Dataset,
) -> Tuple[List[dict], Dict[str, Optional[List[int]]]]:
    """Read what training observed, and the truth where the file has it."""
    known, truth = [], {}
    for before, after in _iter_labels(dataset):
        sample_id = after['sample_id']
        is_complete = 'neg_label' not in before
        truth[sample_id] = before['gt_label'] if is_complete else None
        labels = after['gt_label'], after.get('neg_label', [])
        known.append(
            dict(sample_id=sample_id, gt_label=labels[0], neg_label=labels[1])
        )
    return known, truth


def _iter_labels(dataset: Dataset) -> Iterator[Tuple[dict, dict]]:
    """Yield each image before and after the transforms of its labels.

    They stand in front of the one that loads the image.
    """
    for child in iter_datasets(dataset):
        transforms = []
        for transform in child.pipeline.transforms:
            if isinstance(transform, (LoadImageFromFile, LoadFeatures)):
                break
            transforms.append(transform)
        for index in range(len(child)):
            before = child.get_data_info(index)
            after = dict(before)
            for transform in transforms:
                after = transform(after)
            yield before, after
