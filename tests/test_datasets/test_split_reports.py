import pytest
from mmengine.config import Config

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.check import check_config

DATA = [dict(img_path='1.png', gt_label=[0])]
OTHER = [dict(img_path='2.png', gt_label=[1])]


@pytest.fixture
def check(write_dataset, tmp_path):
    """Check two splits; return the faults of each."""

    def check(classes, model=None):
        loaders = {
            f'{split}_dataloader': dict(
                dataset=dict(
                    type='mmwsml.PartialLabelDataset',
                    **write_dataset(data, names, tmp_path / split),
                )
            )
            for split, data, names in (
                ('train', DATA, ('cat', 'dog')),
                ('val', OTHER, classes),
            )
        }
        reports = check_config(Config(dict(loaders, model=model)))
        return {split: report.faults for split, report in reports.items()}

    return check


def test_the_same_classes_are_no_fault(check):
    model = dict(head=dict(num_classes=2))
    assert check(('cat', 'dog'), model) == dict(train=[], val=[])


@pytest.mark.parametrize(
    'classes, fault',
    [
        (('dog', 'cat'), "Class 0 is 'dog', but 'cat' in train: give all"),
        (('cat', 'dog', 'elk'), "Class 2 is 'elk', but None in train: give"),
    ],
)
def test_another_order_or_number_is_a_fault(check, classes, fault):
    faults = check(classes)
    assert not faults['train'] and len(faults['val']) == 1
    assert faults['val'][0].startswith(fault)


def test_a_head_of_another_size_is_a_fault(check):
    faults = check(('cat', 'dog'), dict(head=dict(num_classes=3)))
    assert faults['train'] == [
        'There are 2 classes, but `model.head` has num_classes=3: set it to 2.'
    ]


def test_a_config_does_not_rename_what_the_file_numbers(write_dataset):
    kwargs = write_dataset(DATA, ('cat', 'dog'))
    dataset = PartialLabelDataset(classes=['cat', 'dog'], **kwargs)
    assert dataset.metainfo['classes'] == ('cat', 'dog')
    with pytest.raises(ValueError, match=r'the file has the classes .*remove'):
        PartialLabelDataset(classes=['dog', 'cat'], **kwargs)
