from typing import ClassVar

import pytest
from mmengine.logging import MMLogger

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.base_multi_label_dataset import BaseMultiLabelDataset


class Reader(BaseMultiLabelDataset):
    """A reader of the entries that a test gives."""

    KNOWN_SIZES: ClassVar[dict] = {('pets', 'train'): 7}
    split = 'train'

    def __init__(self, entries, classes=('cat', 'dog'), **kwargs):
        self.entries, self.names = entries, classes
        super().__init__('list.txt', 'pets', **kwargs)

    def read_infos(self):
        self.set_classes(self.names)
        return self.make_infos(self.entries)


@pytest.fixture
def root(tmp_path):
    for name in ('a/1.jpg', 'a/2.jpg', 'b/1.jpg'):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return str(tmp_path)


ENTRIES = [('b/1.jpg', [0]), ('a/1.jpg', [1]), ('a/2.jpg', [])]


def test_a_message_does_not_quote_kilobytes(root):
    with pytest.raises(FileNotFoundError, match='is missing; check') as caught:
        Reader([('b/' + 5000 * 'x', [0])], data_root=root)
    assert len(str(caught.value)) < 1000


def test_completes_entries_in_their_order(root):
    dataset = Reader(ENTRIES, data_root=root)
    ids = [dataset.get_data_info(i)['sample_id'] for i in range(3)]
    assert ids == ['pets/b/1.jpg', 'pets/a/1.jpg', 'pets/a/2.jpg']
    assert dataset.get_data_info(0)['img_path'].endswith('/b/1.jpg')
    assert dataset.metainfo['classes'] == ('cat', 'dog')


@pytest.mark.parametrize('path', ['a/3.jpg', 'c/1.jpg', 'a/'])
def test_refuses_a_missing_image(root, path):
    entries = [*ENTRIES, (path, [0])]
    message = rf'list\.txt: the image .*{path} is missing; check `data_root`'
    with pytest.raises(FileNotFoundError, match=message):
        Reader(entries, data_root=root)


def test_refuses_two_entries_of_one_image(root):
    entries = [*ENTRIES, ('a/1.jpg', [0])]
    message = r'list\.txt: entries 1 and 3 are one image, pets/a/1\.jpg; merge'
    with pytest.raises(ValueError, match=message):
        Reader(entries, data_root=root)


def test_leaves_bad_images_out_and_says_how_many(root, monkeypatch):
    texts = []
    monkeypatch.setattr(
        MMLogger, 'warning', lambda _, text: texts.append(text)
    )
    entries = [('a/3.jpg', []), *ENTRIES, ('a/1.jpg', [0])]
    dataset = Reader(entries, data_root=root, skip_bad=True)
    ids = [dataset.get_data_info(n)['sample_id'] for n in range(len(dataset))]
    assert ids == ['pets/b/1.jpg', 'pets/a/2.jpg']  # the other is there twice
    assert 'Broken, left out: \t3' in repr(dataset)
    assert len(texts) == 1
    assert 'left out 3 broken lines or images; the first: ' in texts[0]
    assert 'a/3.jpg is missing' in texts[0]


def test_refuses_a_data_set_without_images(root):
    with pytest.raises(ValueError, match=r'list\.txt: no image is left'):
        Reader([('x.jpg', [])], data_root=root, skip_bad=True)


def test_refuses_classes_that_are_not_those_of_the_file(root):
    given = dict(classes=['dog', 'cat'])
    with pytest.raises(ValueError, match=r"but the config has \['dog', 'cat"):
        Reader(ENTRIES, data_root=root, metainfo=given)
    given = dict(classes=['cat', 'dog'])
    assert len(Reader(ENTRIES, data_root=root, metainfo=given)) == 3


def test_knows_the_size_of_the_whole_set_only(root):
    assert Reader(ENTRIES, data_root=root).known_size == 7
    assert Reader(ENTRIES, data_root=root, indices=2).known_size is None
    subset = Reader(ENTRIES, data_root=root).get_subset([0])
    assert subset.known_size == 7 and len(subset) == 1


def test_subsets_share_nothing(root):
    dataset = Reader(ENTRIES, data_root=root)
    first, second = dataset.get_subset([0]), dataset.get_subset([0])
    assert first.pipeline is not second.pipeline
    assert first.faults is not second.faults


def test_a_broken_entry_of_a_file_can_be_left_out(write_dataset):
    data_list = [dict(img_path=f'{n}.png', gt_label=[n]) for n in range(4)]
    dataset = PartialLabelDataset(skip_bad=True, **write_dataset(data_list))
    assert len(dataset) == 3
    assert "the entry of '3.png' is wrong" in dataset.faults[0]
