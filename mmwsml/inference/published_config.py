"""The config inside a published checkpoint, which names no code."""

from typing import Optional

from mmengine.config import Config

from mmwsml.structures.json_text import parse_json

from .registered_parts import check_parts

#: Heads of classifiers; others read answers, margins or text from files.
HEADS = (
    'cls_head',
    'conformer_head',
    'deit_head',
    'efficientformer_head',
    'levit_head',
    'linear_head',
    'multi_label_cls_head',
    'multi_label_csra_head',
    'multi_label_linear_head',
    'stacked_head',
    'vig_head',
    'vision_transformer_head',
)
#: What a classifier consists of.
MODELS = (
    'mmwsml.models',
    'mmpretrain.models.backbones',
    'mmpretrain.models.classifiers.image',
    *(f'mmpretrain.models.heads.{name}' for name in HEADS),
    'mmpretrain.models.losses',
    'mmpretrain.models.necks',
    'mmpretrain.models.utils',
    'mmengine.model.base_model',
    'mmcv.cnn.bricks',
    'torch.nn.modules',
)
#: What reads an image and prepares it.
TRANSFORMS = (
    'mmwsml.datasets.transforms.add_sample_id',
    'mmwsml.datasets.transforms.load_image',
    'mmwsml.datasets.transforms.pack_partial_labels',
    'mmcv.transforms.loading:LoadImageFromFile',
    'mmcv.transforms.processing',
    'mmpretrain.datasets.transforms.formatting',
    'mmpretrain.datasets.transforms.processing:ResizeEdge',
    'mmpretrain.datasets.transforms.processing:EfficientNetCenterCrop',
)
PLACES = dict(
    MODELS=MODELS,
    BATCH_AUGMENTS=('mmpretrain.models.utils.batch_augments',),
    TRANSFORMS=TRANSFORMS,
    DATASETS=('mmwsml.datasets', 'mmpretrain.datasets'),  # not built
)
#: The parts of the config, as publish_model writes them.
FORM = {'default_scope', 'model', 'test_dataloader'}


def read_config(text: Optional[str], source: str) -> Config:
    """Read the config inside a published checkpoint.

    It may name the parts of a classifier of images, and what prepares an
    image: nothing that runs or imports code of the file's choice, opens
    another file or asks a server.

    Args:
        text (str, optional): The config as JSON.
        source (str): The checkpoint, for the message.

    Raises:
        ValueError: If there is none, it is damaged, or it names anything
            else.
    """
    if text is None:
        raise ValueError(
            f'{source}: holds no config; name the config of its run, or '
            'publish it with tools/publish_model.py.'
        )
    try:
        content = parse_json(text)
    except (TypeError, ValueError) as error:
        raise _damaged(source) from error
    remedy = 'use it with the config of its run, if you trust that'
    try:
        check_parts(content, PLACES, source, remedy)
    except RecursionError as error:  # lists in lists in lists
        raise _damaged(source) from error
    if (
        not isinstance(content, dict)
        or content.keys() != FORM
        or content['default_scope'] != 'mmpretrain'
    ):
        raise _damaged(source)
    model, loader = content['model'], content['test_dataloader']
    dataset = loader.get('dataset') if isinstance(loader, dict) else None
    if not isinstance(model, dict) or not isinstance(dataset, dict):
        raise _damaged(source)
    if dataset.keys() != {'type', 'pipeline'} or loader.keys() != {'dataset'}:
        raise _damaged(source)
    # A part of another kind would be looked for as a module.
    for part, kinds in (
        (model, ('MODELS', 'BATCH_AUGMENTS')),
        (dataset['pipeline'], ('TRANSFORMS',)),
    ):
        places = {kind: PLACES[kind] for kind in kinds}
        check_parts(part, places, source, remedy)
    try:
        return Config(content)
    except RecursionError as error:
        raise _damaged(source) from error


def _damaged(source: str) -> ValueError:
    return ValueError(
        f'{source}: holds a damaged config; name the config of its run.'
    )
