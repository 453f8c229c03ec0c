"""The row of a config in the metafile of its method."""

from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

from mmwsml.analysis.benchmark.leaves import NAME
from mmwsml.analysis.published import Published, find_published

from .results import MADE, Measured

#: How the data sets in the names of configs are called.
TITLES = {
    'digitscenes': 'DigitScenes',
    'coco18': '18 classes of COCO',
    'images': 'your own images',
    'voc12': 'Pascal VOC 2012',
    'coco14': 'COCO 2014',
    'nusspml': 'NUS-WIDE',
    'nusofficial': 'NUS-WIDE, official version',
    'cub': 'CUB-200-2011',
    'openimagesv3': 'Open Images V3',
}
#: What the published runs used; where it differs, by data set.
PROTOCOL = ('resnet50', '448px')
PROTOCOLS = {'openimagesv3': ('resnet101', '224px')}
TASK = 'Multi-Label Classification'


class Parts(NamedTuple):
    """What the name of a config says."""

    method: str
    backbone: str
    dataset: str
    labels: str
    linear_init: bool


def read_name(stem: str) -> Parts:
    """Read the name of a config.

    Raises:
        ValueError: If it does not have the form of all names.
    """
    match = NAME.fullmatch(stem)
    if match is None:
        raise ValueError(
            f'{stem}: the name of a config must be method_backbone_training_'
            'dataset-labels, as the others are; rename it.'
        )
    names = match.group('method', 'backbone', 'dataset', 'labels')
    return Parts(*names, 'linearinit' in match['schedule'])


def find_published_run(stem: str) -> Optional[Published]:
    """Find what was published for a config.

    Args:
        stem (str): Its name.

    Returns:
        Published | None: None where nothing was, or with another backbone or
        image size.
    """
    parts = read_name(stem)
    backbone, size = PROTOCOLS.get(parts.dataset, PROTOCOL)
    if parts.backbone != backbone or not stem.endswith(f'-{size}'):
        return None
    init = 'linearinit' if parts.linear_init else 'e2e'
    return find_published(parts.method, parts.dataset, init)


def complete_models(
    folder: Path, content: dict, measured: Dict[str, Measured]
) -> List[dict]:
    """Give each config of a method its row.

    Args:
        folder (Path): The configs of the method.
        content (dict): Of its metafile.
        measured (dict): Config -> new results, which replace those there.

    Returns:
        list[dict]: In the order of the names.
    """
    (collection,) = content['Collections']
    known = {model['Name']: model for model in content['Models']}
    return [
        _complete(
            known.get(path.stem, {}),
            {
                'Name': path.stem,
                'In Collection': collection['Name'],
                'Config': f'configs/{folder.name}/{path.name}',
            },
            measured.get(path.stem),
        )
        for path in sorted(folder.glob('*.py'))
    ]


def _complete(known: dict, row: dict, measured: Optional[Measured]) -> dict:
    dataset = read_name(row['Name']).dataset
    title = TITLES.get(dataset, dataset)
    row['Metadata'] = known.get('Metadata', {'Training Data': title})
    results = known.get('Results')
    if measured:
        others = {k: v for k, v in row['Metadata'].items() if k not in MADE}
        row['Metadata'] = {**others, **measured.metadata}
        title = row['Metadata']['Training Data']
        metrics = measured.metrics
        results = [{'Task': TASK, 'Dataset': title, 'Metrics': metrics}]
    if results:
        row['Results'] = results
    published = find_published_run(row['Name'])
    if published:
        row['Published'] = {'mAP': published.score}
        if published.groups:
            row['Published']['Groups'] = list(published.groups)
        row['Published']['Source'] = published.source
    return row
