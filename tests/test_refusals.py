import pytest
from torch.utils.data import DataLoader

from mmwsml.evaluation.thresholds import resolve_thresholds
from mmwsml.refusals import describe


class Refusing:
    def __len__(self):
        return 1

    def __getitem__(self, index):
        resolve_thresholds(2.0, ['cat'])


def test_a_name_does_not_steer_the_terminal():
    error = OSError('caf\udce9 H\u00fcndin \x1b[2J')
    assert describe(error) == 'caf\\udce9 H\u00fcndin \\x1b[2J'


def test_a_worker_says_its_sentence_alone():
    with pytest.raises(ValueError) as caught:
        list(DataLoader(Refusing(), num_workers=1))
    assert 'Original Traceback' in str(caught.value)
    sentence = '`thresholds` must be in [0, 1], but got 2.0.'
    assert describe(caught.value) == sentence
