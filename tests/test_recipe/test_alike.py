import numpy as np

from mmwsml.recipe import alike
from mmwsml.recipe.alike import (
    is_too_much,
    join,
    same_files,
    similar_images,
)


def test_files_of_the_same_bytes_are_found(tmp_path):
    for name, content in (('a', 'x1'), ('b', 'x2'), ('c', 'x1'), ('d', 'y')):
        (tmp_path / name).write_text(content)
    assert same_files(str(tmp_path), ['a', 'b', 'c', 'd']) == [(0, 2)]


def test_similar_images_are_found_across_blocks(monkeypatch):
    features = np.abs(np.random.default_rng(0).normal(size=(9, 64)))
    features[8] = 3 * features[1] + 0.1
    features[5] = 0
    for block in (2, 100):
        monkeypatch.setattr(alike, 'BLOCK', block)
        assert similar_images(features.astype(np.float32)) == [(1, 8)]


def test_groups_are_joined_over_several_pairs():
    groups = join(['a', 'b', 'c', 'd', 'a'], [(1, 4), (3, 1)])
    assert groups == ['a', 'a', 'c', 'a', 'a']


def test_a_group_of_most_images_means_nothing():
    assert is_too_much(['a'] * 40 + [str(n) for n in range(60)])
    assert not is_too_much([str(n // 2) for n in range(100)])
    assert not is_too_much(['a', 'a', 'b'])
