"""Where the images of a run lie."""

from pathlib import Path
from typing import Dict, Iterator, Optional, Sequence, Tuple, Union

from mmengine.registry import DefaultScope
from mmpretrain.registry import DATASETS

from mmwsml.analysis.run_config import read_training_set
from mmwsml.datasets.infos import iter_infos

from .not_recorded import NotRecordedError


def find_images(
    run: Union[str, Path],
    sample_ids: Sequence[str],
    data_root: Optional[str] = None,
) -> Dict[str, str]:
    """Find the files of some images.

    Args:
        run (str): Work dir of the run; its config names the data set.
        sample_ids (Sequence[str]): The images.
        data_root (str, optional): Folder that the images have been moved to;
            a file is looked for there by its ``sample_id`` without the
            namespace. Defaults to None: where the data set has them.

    Returns:
        dict[str, str]: ``sample_id`` -> file that exists; images without one
        are left out.

    Raises:
        NotRecordedError: If the run has no config, or its data set is not
            there.
    """
    wanted = set(sample_ids)
    if data_root is None:
        places = _places_of_config(Path(run))
    else:
        places = (
            (sample_id, str(Path(data_root, sample_id.partition('/')[2])))
            for sample_id in sample_ids
        )
    return {
        sample_id: path
        for sample_id, path in places
        if sample_id in wanted and Path(path).is_file()
    }


def _places_of_config(run: Path) -> Iterator[Tuple[str, str]]:
    """Yield each training image and its file, as the config has it.

    Raises:
        NotRecordedError: If the data set cannot be built.
    """
    try:
        dataset = read_training_set(run, 'nothing of it ran', False)
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            dataset = DATASETS.build(dataset)
    except Exception as error:  # any data set may have moved in its own way
        raise NotRecordedError(
            f'The training set of {run} cannot be opened ({error}): name the '
            'folder of the images with `--data-root`.'
        ) from error
    for info in iter_infos(dataset):
        if 'sample_id' in info and 'img_path' in info:
            yield info['sample_id'], info['img_path']
