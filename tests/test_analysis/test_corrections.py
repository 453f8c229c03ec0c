import pytest
import torch

from mmwsml.analysis.corrections import (
    Correction,
    corrected_annotations,
    list_corrections,
    read_refused,
    write_table,
)
from mmwsml.structures import hash64

CLASSES = ['cat', 'dog', 'horse']
KNOWN = [
    dict(sample_id='pets/1.jpg', gt_label=[0], neg_label=[]),
    dict(sample_id='pets/a/2.jpg', gt_label=[], neg_label=[1]),
]
MADE = [
    Correction('pets/a/2.jpg', 2, 3, 0.5, False),
    Correction('pets/1.jpg', 1, 2, 4.0, True),
]


@pytest.fixture
def state():
    """The state of a label memory with the corrections of MADE."""
    keys = [hash64('pets/1.jpg'), hash64('pets/a/2.jpg')]
    return dict(
        key=torch.tensor(keys),
        row=torch.tensor([0, 1], dtype=torch.int32),
        epoch=torch.tensor([2, 3], dtype=torch.int16),
        loss=torch.tensor([4.0, 0.5]),
        **{'class': torch.tensor([1, 2], dtype=torch.int16)},
    )


def test_the_correction_of_the_smallest_loss_comes_first(state):
    truth = {'pets/1.jpg': [0, 1], 'pets/a/2.jpg': []}
    assert list_corrections(state, truth) == MADE


def test_where_no_truth_is_known_none_is_told(state):
    truth = {'pets/1.jpg': None, 'pets/a/2.jpg': None}
    assert [c.right for c in list_corrections(state, truth)] == [None, None]


def test_a_class_of_two_whole_bytes_comes_back(state):
    state['class'] = torch.tensor([-1, -1], dtype=torch.int16)
    truth = {'pets/1.jpg': None, 'pets/a/2.jpg': None}
    assert list_corrections(state, truth)[0].label == 65535


def test_corrections_of_other_images_are_refused(state):
    with pytest.raises(ValueError, match='of 1 images that the data set does'):
        list_corrections(state, {'pets/1.jpg': None})


def test_corrections_join_the_known_labels():
    assert corrected_annotations(KNOWN, MADE, CLASSES) == [
        dict(img_path='1.jpg', gt_label=[0, 1], neg_label=[]),
        dict(img_path='a/2.jpg', gt_label=[2], neg_label=[1]),
    ]


@pytest.mark.parametrize('negative', [False, True])
def test_refused_corrections_stay_out(negative):
    refused = {('pets/a/2.jpg', 'horse')}
    data_list = corrected_annotations(
        KNOWN, MADE, CLASSES, refused, refused_are_negative=negative
    )
    assert data_list[0]['gt_label'] == [0, 1]
    assert data_list[1]['gt_label'] == []
    assert data_list[1]['neg_label'] == ([1, 2] if negative else [1])


def test_refusing_what_was_never_corrected_is_an_error():
    message = "class 'cat' of pets/1.jpg is refused but was never corrected"
    with pytest.raises(ValueError, match=message):
        corrected_annotations(KNOWN, MADE, CLASSES, {('pets/1.jpg', 'cat')})


def test_a_table_is_read_back_as_refused(tmp_path):
    path = tmp_path / 'table.csv'
    write_table(path, MADE, CLASSES)
    assert path.read_text().splitlines() == [
        'sample_id,class,epoch,loss,right',
        'pets/a/2.jpg,horse,3,0.5,no',
        'pets/1.jpg,dog,2,4,yes',
    ]
    pairs = {('pets/a/2.jpg', 'horse'), ('pets/1.jpg', 'dog')}
    assert read_refused(path) == pairs
    # As a spreadsheet saves it.
    path.write_bytes(b'\xef\xbb\xbf' + path.read_bytes())
    assert read_refused(path) == pairs


def test_no_name_in_a_table_is_a_formula(tmp_path):
    path = tmp_path / 'table.csv'
    write_table(path, MADE, [f'={name}' for name in CLASSES])
    assert ",'=horse,3,0.5,no" in path.read_text()
    pairs = {('pets/a/2.jpg', '=horse'), ('pets/1.jpg', '=dog')}
    assert read_refused(path) == pairs


@pytest.mark.parametrize(
    'text, rule',
    [
        ('sample_id\na/1.jpg\n', ": the column 'class' is missing"),
        ('sample_id,class\na,', ', line 2: `sample_id` or `class` is missing'),
        ('sample_id,class\n"a,b\nc,d\n', ', line 2: cannot be read as a row'),
    ],
)
def test_a_refused_line_without_image_or_class_is_named(tmp_path, text, rule):
    path = tmp_path / 'refused.csv'
    path.write_text(text)
    with pytest.raises(ValueError, match=f'refused.csv{rule}'):
        read_refused(path)
