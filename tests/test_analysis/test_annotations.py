"""Files of labels that were found out after training."""

import json

import pytest

from mmwsml.analysis.annotations import extend_annotations, write_annotations

KNOWN = [
    dict(sample_id='pets/1.jpg', gt_label=[2], neg_label=[]),
    dict(sample_id='pets/a/2.jpg', gt_label=[], neg_label=[1]),
]


def test_what_is_known_stays_and_the_rest_is_added():
    data_list = extend_annotations(
        KNOWN, {'pets/1.jpg': {0, 2}}, {'pets/a/2.jpg': {0}}
    )
    assert data_list == [
        dict(img_path='1.jpg', gt_label=[0, 2], neg_label=[]),
        dict(img_path='a/2.jpg', gt_label=[], neg_label=[0, 1]),
    ]


def test_a_file_in_a_new_folder_names_its_classes(tmp_path):
    path = tmp_path / 'new' / 'x.json'
    write_annotations(path, ('cat', 'dog'), [])
    assert json.loads(path.read_text()) == dict(
        metainfo=dict(classes=['cat', 'dog']), data_list=[]
    )


def test_images_of_two_data_sets_are_refused():
    other = dict(sample_id='cars/1.jpg', gt_label=[], neg_label=[])
    with pytest.raises(ValueError, match=r"sets \['cars', 'pets'\], but an"):
        extend_annotations([*KNOWN, other], {}, {})
