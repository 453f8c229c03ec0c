"""Label files as they lie on people's disks, where they are beside the data.

The same forms, shorter, are in the tests of each reader.
"""

import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.read_options import ReadOptions

from .conftest import counts

NIH = dict(tags='Finding Labels', tag_separator='|', none='No Finding')
VAW = dict(
    positive_key='positive_attributes', negative_key='negative_attributes'
)
#: File, options, and images, classes, known positives and negatives.
RIGHT = [
    ('chexpert/train.csv', dict(unknown='-1'), (12, 14, 18, 16)),
    ('chexpert/train.csv', dict(absent='-1'), (12, 14, 18, 23)),
    (
        'nih-chestxray14/Data_Entry_2017.csv',
        dict(NIH, rest='absent'),
        (12, 5, 14, 46),
    ),
    (
        'nih-chestxray14/two_columns.csv',
        dict(NIH, rest='unknown'),
        (12, 5, 14, 5),
    ),
    ('roboflow-csv/_classes.csv', {}, (15, 5, 42, 33)),
    ('roboflow-csv/renamed.csv', {}, (15, 5, 42, 33)),
    (
        'vaw/val.json',
        dict(VAW, image_column='instance_id', suffix='.jpg'),
        (3, 10, 5, 6),
    ),
    ('label-studio/export.json', dict(rest='unknown'), (2, 2, 2, 0)),
    ('label-studio/export-min.json', dict(rest='unknown'), (2, 2, 3, 0)),
    (
        'label-studio/export.csv',
        dict(tags='choice', rest='unknown', strip_prefix='/data/upload/1/'),
        (2, 2, 3, 0),
    ),
    (
        'fiftyone/labels.json',
        dict(rest='unknown', suffix='.jpg'),
        (2, 3, 3, 0),
    ),
    ('huggingface-metadata/metadata.jsonl', dict(rest='absent'), (2, 2, 3, 1)),
    (
        'tags-beside-images/imgs',
        dict(rest='unknown', suffix='.jpg'),
        (2, 6, 6, 0),
    ),
    ('index-list/list.txt', dict(columns='image,a,b,c'), (2, 3, 3, 3)),
    ('long-form/labels.csv', dict(tags='label', rest='absent'), (2, 2, 3, 1)),
    ('long-form/num.csv', dict(tags='label', rest='unknown'), (3, 3, 4, 0)),
    ('lvis/lvis_v1_form.json', {}, (5, 59, 13, 48)),
    ('roboflow-coco-placeholder/_annotations.coco.json', {}, (6, 1, 6, 0)),
    ('roboflow-coco-same-name/_annotations.coco.json', {}, (6, 1, 6, 0)),
    ('coco-odd-categories/strid.json', dict(rest='absent'), (2, 2, 1, 3)),
    ('json-oddities/names.json', {}, (2, 2, 1, 1)),
    ('json-oddities/dict.json', dict(rest='unknown'), (2, 2, 3, 0)),
    ('voc-variants/sub', dict(rest='absent'), (2, 2, 2, 2)),
    ('voc-variants/labelme', dict(rest='absent'), (1, 1, 1, 0)),
    ('stray-xml/xml', dict(rest='absent'), (1, 1, 1, 0)),
    ('other-endings/a.tsv', {}, (1, 1, 1, 0)),
]
#: File, and what the sentence says.
REFUSED = {
    'chexpert/train.csv': 'these values mean: -1 7 times .*--unknown=-1',
    'cvat-for-images/task': 'is no annotation of VOC',
    'long-form/binary.csv': "the only column, 'label', is not named by a cl",
    'index-list/train.txt': '--columns image,labels',
    'coco-odd-categories/abs.json': "'C:/Users/me/img/1.jpg' must lead",
    'coco-odd-categories/mm.json': 'the id 1 is there twice',
    'coco-odd-categories/d.json': "holds 'cat' twice",
    'coco-without-annotations/empty.json': 'has no annotation',
    'json-oddities/onehot.json': 'is it a row of marks',
    'json-oddities/via.json': 'VIA',
    'csv-variants/neg.csv': 'these values mean: -1 2 times, 0 1 times',
    'csv-variants/dup_rows.csv': "line 3: 'a.jpg' is there twice",
    'csv-variants/gbk.csv': 'line 1: the text must be UTF-8',
    'csv-more/counts.csv': '--present 1,2,3',
}


@pytest.fixture
def read(real_data):
    """Return a reader of the files beside the real data."""
    folder = real_data.parent / 'cases' / 'labels'
    if not folder.is_dir():
        pytest.skip(f'{folder} is not there')

    def run(name, **options):
        path = str(folder / name)
        return read_labels(path, BadEntries(), ReadOptions(**options))

    return run


@pytest.mark.realdata
@pytest.mark.parametrize('name, options, expected', RIGHT)
def test_gives_the_right_counts(read, name, options, expected):
    assert counts(read(name, **options)) == expected


@pytest.mark.realdata
@pytest.mark.parametrize('name', REFUSED)
def test_says_what_is_wrong(read, name):
    with pytest.raises(ValueError, match=REFUSED[name]):
        read(name)
