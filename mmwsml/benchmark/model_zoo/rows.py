"""The row of a config in the metafile of its method."""

from pathlib import Path
from typing import Dict, List, Optional

from mmwsml.benchmark.config_names import read_name
from mmwsml.benchmark.published import find_published_run

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
TASK = 'Multi-Label Classification'


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
