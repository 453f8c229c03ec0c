"""Where ``mmwsml fit`` keeps what it made."""

from pathlib import Path
from typing import Union

SPLITS = 'train', 'val', 'test'
#: The head in closed form on frozen features; the network trained end to end.
HEAD, NETWORK = 'head', 'network'


class FittedFolder:
    """Names of the files in the folder of a fit.

    Args:
        path (str or Path): The folder, there or not.
    """

    def __init__(self, path: Union[str, Path]) -> None:
        # What is written into a config must not depend on the current folder.
        self.path = Path(path).expanduser().absolute()
        #: What was asked, read, counted, measured and decided, as JSON.
        self.plan = self.path / 'fit.json'
        #: An ordinary config, which ``tools/train.py`` runs, of the model.
        self.config = self.path / 'config.py'
        #: All that libraries say.
        self.log = self.path / 'log.txt'
        #: Weights that were made here, where training starts from them.
        self.weights = self.path / 'weights'
        self.classes = self.path / 'labels' / 'classes.txt'
        #: A published model: weights, classes, transforms.
        self.model = self.path / 'model.pth'
        self.thresholds = self.path / 'thresholds.json'
        self.verdict = self.path / 'verdict.json'
        self.report = self.path / 'report.html'
        #: Labels that are probably missing, for a person to fill.
        self.review = self.path / 'review.csv'
        #: All that a person has answered.
        self.answers = self.path / 'answers.csv'

    def labels(self, split: str) -> Path:
        """Name the labels of a split, an index list."""
        return self.path / 'labels' / f'{split}.json'

    def features(self, split: str) -> Path:
        """Name the folder of a split's features of the frozen backbone."""
        return self.path / 'features' / split

    def run(self, name: str) -> Path:
        """Name the work dir of ``HEAD`` or ``NETWORK``."""
        return self.path / 'runs' / name

    def config_of(self, name: str) -> Path:
        """Name the config of ``HEAD`` or ``NETWORK``, kept or not."""
        return self.path / f'{name}.py'

    def scores(self, name: str, split: str) -> Path:
        """Name the scores of a run: ``sample_id``, ``scores`` (N, K)."""
        return self.path / 'scores' / f'{name}-{split}.npz'

    def drawn(self, split: str) -> Path:
        """Name the draw of a split's labels, for a person to fill."""
        return self.path / f'review-{split}.csv'

    def results(self, split: str) -> Path:
        """Name the result file that a draw was made from."""
        return self.path / 'scores' / f'review-{split}.npz'

    def given(self, split: str) -> Path:
        """Name the labels that a refit begins with."""
        return self.path / 'given' / f'{split}.json'
