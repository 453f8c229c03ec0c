import numpy as np
import pytest
import torch

from mmwsml.evaluation import DumpPredictions, read_predictions


def sample(scores, positives, negatives=None, name='a.png', **more):
    """One data sample as the evaluator hands it over."""
    result = dict(
        pred_score=torch.tensor(scores),
        gt_label=torch.tensor(positives, dtype=torch.long),
        img_path=f'images/{name}',
        sample_id=f'set/{name}',
        **more,
    )
    if negatives is not None:
        result['neg_label'] = torch.tensor(negatives, dtype=torch.long)
    return result


@pytest.fixture
def dump(tmp_path):
    """Write samples to a file and read it."""

    def dump(samples, classes=None, **kwargs):
        metric = DumpPredictions(str(tmp_path / 'r.npz'), **kwargs)
        metric.dataset_meta = (
            None if classes is None else dict(classes=classes)
        )
        metric.process({}, samples)
        assert metric.evaluate(len(samples)) == {}
        return read_predictions(str(tmp_path / 'r.npz'))

    return dump


def test_complete_labels(dump):
    samples = [
        sample([0.25, 0.5, 1], [2]),
        sample([0, 0.125, 0.75], [], name='b.png'),
    ]
    found = dump(samples, ('x', 'y', 'z'), split='val')
    np.testing.assert_array_equal(
        found.scores, [[0.25, 0.5, 1], [0, 0.125, 0.75]]
    )
    np.testing.assert_array_equal(found.target, [[0, 0, 1], [0, 0, 0]])
    assert found.observed is None
    assert found.img_paths == ['images/a.png', 'images/b.png']
    assert found.sample_ids == ['set/a.png', 'set/b.png']
    assert found.classes == ('x', 'y', 'z') and found.split == 'val'


def test_partial_labels_beside_complete_ones(dump):
    samples = [
        sample([0.5] * 3, [0], [2]),
        sample([0.5] * 3, [1], name='b'),
        sample([0.5] * 3, [], [], name='c'),
    ]
    found = dump(samples)
    np.testing.assert_array_equal(
        found.observed, [[1, 0, 1], [1, 1, 1], [0, 0, 0]]
    )
    np.testing.assert_array_equal(
        found.target, [[1, 0, 0], [0, 1, 0], [0, 0, 0]]
    )


def test_one_image_of_one_class_without_a_name(dump):
    found = dump([sample([0.5], [0])])
    assert found.classes == ('0',) and found.scores.shape == (1, 1)


def test_the_split_is_test_unless_said(dump):
    assert dump([sample([0.5], [])]).split == 'test'


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
def test_scores_of_half_precision_become_float32(dump, dtype):
    one = sample([0.5, 0.1], [])
    one['pred_score'] = one['pred_score'].to(dtype)
    found = dump([one]).scores
    assert (found == one['pred_score'].float().numpy()).all()


def test_an_image_without_an_identity_is_its_path(dump):
    one = sample([0.5], [])
    del one['sample_id']
    assert dump([one]).sample_ids == ['images/a.png']


@pytest.mark.parametrize('name', ['pred_score', 'gt_label', 'img_path'])
def test_a_sample_that_lacks_something_is_refused(dump, name):
    one = sample([0.5], [])
    del one[name]
    with pytest.raises(KeyError, match=f'file needs .*{name}.* of each image'):
        dump([one])


def test_no_image_is_an_error(dump):
    with pytest.raises(ValueError, match='not written, no image was evaluat'):
        dump([])


def test_scores_that_are_no_numbers_are_an_error(dump):
    samples = [sample([0.5], []), sample([float('nan')], [], name='b.png')]
    with pytest.raises(ValueError, match=r'1 of 2 images have .* set/b\.png'):
        dump(samples)


def test_an_image_that_comes_twice_is_an_error(dump):
    with pytest.raises(ValueError, match='have 1: evaluate each image once'):
        dump([sample([0.5], [])] * 2)


def test_other_classes_than_scores_are_an_error(dump):
    with pytest.raises(ValueError, match=r'of shape \(1, 2\), images by clas'):
        dump([sample([0.5], [])], classes=('x', 'y'))


@pytest.mark.parametrize('name', ['r.pkl', 'r', 'npz'])
def test_another_ending_is_refused(name):
    with pytest.raises(ValueError, match=r'must end with \.npz, but got'):
        DumpPredictions(name)
