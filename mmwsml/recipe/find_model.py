"""The trained model that a person means by a path."""

from pathlib import Path
from typing import NamedTuple, Optional, Union

from .fitted_folder import FittedFolder


class ModelFiles(NamedTuple):
    """A checkpoint, and the thresholds that belong to it."""

    checkpoint: str
    #: None: those inside a published checkpoint.
    thresholds: Optional[str]


def find_model(path: Union[str, Path]) -> ModelFiles:
    """Find the model of a fit, or take a file as one.

    Args:
        path (str | Path): The folder of a fit, or a checkpoint.

    Raises:
        FileNotFoundError: If it is not there, or a folder without a model.
    """
    path = Path(path).expanduser()
    if not path.is_dir():
        return ModelFiles(str(path), None)
    folder = FittedFolder(path)
    if not folder.model.is_file():
        if folder.labels('train').is_file():
            raise FileNotFoundError(
                f'{path} holds no {folder.model.name} yet, because the fit '
                'was interrupted: run mmwsml fit again as before, it goes on.'
            )
        raise FileNotFoundError(
            f'{path} is not the folder of a fit; name what --out of mmwsml '
            'fit named, or a published model (.pth).'
        )
    thresholds = folder.thresholds
    return ModelFiles(
        str(folder.model), str(thresholds) if thresholds.is_file() else None
    )
