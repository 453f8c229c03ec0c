"""The configs of a fit, as a person would write them."""

from typing import Any, Dict, List, NamedTuple, Tuple, Union

from mmwsml.shipped_configs import config_path

from .backbone import Backbone

#: Columns of a line.
WIDTH = 79
#: MMEngine writes the folder of the config into this text, whatever its name.
FOLDER = '"""{{ fileDirname }}/labels/"""'
CONFIG = """\
# {title}.
# Written by mmwsml fit; tools/train.py and the tools of MMPretrain run it.
_base_ = [
    {bases},
]

images = dict(type='mmwsml.PartialLabelDataset', data_root={images!r})
labels = {folder}
resize = dict(type='Resize', scale=({size}, {size}))
pipeline = [_base_.load, resize, _base_.pack]
random = {random}
random_pipeline = [_base_.load, random, _base_.flip, _base_.pack]
train = dict(ann_file=labels + 'train.json', labels={train!r})
val = dict(ann_file=labels + 'val.json', labels={val!r})
test = dict(ann_file=labels + 'test.json', labels={test!r})
train_dataloader = dict(
    batch_size={batch_size},
    dataset=dict(images, **train, pipeline=random_pipeline),
)
val_dataloader = dict(dataset=dict(images, **val, pipeline=pipeline))
test_dataloader = dict(dataset=dict(images, **test, pipeline=pipeline))

data_preprocessor = dict(num_classes={num_classes})
model = {model}
{settings}
randomness = dict(seed={seed})
"""


class Data(NamedTuple):
    """What the data say to a config."""

    #: Folder of the images.
    images: str
    num_classes: int
    #: Split -> 'complete', or 'partial' where a label is not known.
    labels: Dict[str, str]
    #: Side of the square images, in pixels.
    size: int
    batch_size: int
    seed: int


class Way(NamedTuple):
    """What a config does with the data."""

    #: In a few words.
    title: str
    #: A base of configs/_base_/schedules.
    schedule: str
    head: Dict[str, Any]
    #: Options of the backbone.
    backbone: Dict[str, Any]
    #: More of the config by name.
    settings: Dict[str, Any]
    #: Whether training sees parts of the images.
    crops: bool = False


def write_config(data: Data, backbone: Backbone, way: Way) -> str:
    """Write an ordinary config.

    Args:
        data (Data): The data.
        backbone (Backbone): Of the model.
        way (Way): What is done with them.
    """
    bases = [
        backbone.base,
        config_path('_base_/datasets/loaders'),
        config_path(f'_base_/schedules/{way.schedule}'),
        config_path('_base_/default_runtime'),
    ]
    model = dict(head=dict(way.head, num_classes=data.num_classes))
    own = dict(way.backbone, init_cfg=backbone.init_cfg)
    model = dict(backbone=own, **model)
    return CONFIG.format(
        title=way.title,
        bases=',\n    '.join(map(repr, bases)),
        images=data.images,
        folder=FOLDER,
        size=data.size,
        random=_write_random(data.size, way.crops),
        batch_size=data.batch_size,
        num_classes=data.num_classes,
        model=_write(model, len('model = ')),
        settings=_write_settings(way.settings),
        seed=data.seed,
        **data.labels,
    )


def _write_random(size: int, crops: bool) -> str:
    """Write what training sees of an image."""
    if not crops:
        return 'resize'
    crop = dict(
        type='RandomResizedCrop', scale=size, crop_ratio_range=[0.6, 1.0]
    )
    return _write(crop, len('random = '))


def _write_settings(settings: Dict[str, Any]) -> str:
    """Write a line, or some, a setting."""
    begins = {f'{name} = ': value for name, value in settings.items()}
    return '\n'.join(k + _write(v, len(k)) for k, v in begins.items())


def _write(value: Any, begun: int, indent: int = 0) -> str:
    """Write plain values as Python, in the form that configs have.

    Args:
        value (Any): Dicts, lists, and what they hold.
        begun (int): Columns that stand before it on its line.
        indent (int): Of that line. Defaults to 0.
    """
    flat = _write_flat(value)
    is_whole = begun + len(flat) < WIDTH  # and a comma
    if is_whole or not isinstance(value, (dict, list)):
        return flat
    inner = indent + 4
    lines = [
        f'{" " * inner}{key}{_write(part, inner + len(key), inner)},\n'
        for key, part in _parts(value)
    ]
    begin, end = _brackets(value)
    return f'{begin}\n{"".join(lines)}{" " * indent}{end}'


def _write_flat(value: Any) -> str:
    if not isinstance(value, (dict, list)):
        return repr(value)
    begin, end = _brackets(value)
    parts = (f'{key}{_write_flat(part)}' for key, part in _parts(value))
    return f'{begin}{", ".join(parts)}{end}'


def _parts(value: Union[dict, list]) -> List[Tuple[str, Any]]:
    """List what stands in front of each part of a value, and the part."""
    if isinstance(value, list):
        return [('', part) for part in value]
    if _has_names(value):
        return [(f'{key}=', part) for key, part in value.items()]
    return [(f'{key!r}: ', part) for key, part in value.items()]


def _brackets(value: Union[dict, list]) -> Tuple[str, str]:
    if isinstance(value, list):
        return '[', ']'
    return ('dict(', ')') if _has_names(value) else ('{', '}')


def _has_names(value: dict) -> bool:
    return all(key.isidentifier() for key in value)
