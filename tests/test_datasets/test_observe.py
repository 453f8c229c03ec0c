import numpy as np
import pytest

from mmwsml.datasets.bare_split import BareSplit
from mmwsml.datasets.observation import observe_by_hash, observe_by_spml
from mmwsml.datasets.observe import draw_labels, read_observations
from mmwsml.label_files.bad_entries import BadEntries

INFOS = [
    dict(sample_id='x/1.jpg', gt_label=[0, 1]),
    dict(sample_id='x/2.jpg', gt_label=[2]),
]
SPLIT = BareSplit(['cat', 'dog', 'horse'], INFOS)


def test_draws_with_the_generator_that_is_named():
    assert list(draw_labels(SPLIT, 'hash', 7)) == list(
        observe_by_hash(INFOS, 7)
    )
    assert list(draw_labels(SPLIT, 'spml', 1200)) == list(
        observe_by_spml(INFOS, 3, 1200)
    )
    all_known = draw_labels(SPLIT, 'fpc', 0, num_per_class=2)
    assert [image[1:3] for image in all_known] == [
        ([0, 1], [2]),
        ([2], [0, 1]),
    ]


@pytest.mark.parametrize('generator, count', [('fpc', None), ('hash', 3)])
def test_only_fixed_per_class_takes_a_count(generator, count):
    message = f'is for the generator fpc, .* got {count} with {generator}'
    with pytest.raises(ValueError, match=message):
        draw_labels(SPLIT, generator, 0, count)


@pytest.mark.parametrize(
    'name, known',
    [
        ('a.npy', [([1], []), ([], [0])]),
        ('a.txt', [([1], []), ([], [])]),
        ('a.csv', [([1], []), ([0], [])]),
    ],
)
def test_reads_the_form_that_the_name_tells(tmp_path, name, known):
    path = tmp_path / name
    if name == 'a.npy':
        np.save(path, [[0, 1, 0], [-1, 0, 0]])
    elif name == 'a.txt':
        path.write_text('2.jpg,\n1.jpg,1\n')
    else:
        path.write_text('image,class,score\n1.jpg,dog,1\n2.jpg,cat,0.5\n')
    images = list(read_observations(SPLIT, str(path), 0, BadEntries()))
    assert [image[1:3] for image in images] == known
    assert [image.sample_id for image in images] == ['x/1.jpg', 'x/2.jpg']


def test_refuses_a_matrix_that_contradicts_the_data_set(tmp_path):
    np.save(tmp_path / 'a.npy', [[0, 0, 1], [0, 0, 0]])
    path = str(tmp_path / 'a.npy')
    with pytest.raises(ValueError, match=r'a\.npy: class 2 was observed as'):
        list(read_observations(SPLIT, path, 0, BadEntries()))
