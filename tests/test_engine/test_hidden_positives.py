import json
from pathlib import Path

import numpy as np
import pytest

from mmwsml.engine.hidden_positives import estimate_hidden


def count_observed():
    """Count positives and negatives of conftest's images by a loop."""
    positives, negatives = [0] * 3, [0] * 3
    for n in range(20):
        positives[n % 3] += 1
        negatives[(n + 1) % 3] += 1
    return np.array(positives), np.array(negatives)


@pytest.mark.parametrize('kappa', [1.2, 1.5, 9.0])
def test_kappa_multiplies_what_is_observed(make_runner, kappa):
    hidden = estimate_hidden(make_runner(), kappa)
    positives, negatives = count_observed()
    unobserved = 20 - positives - negatives
    assert hidden.num_unobserved.tolist() == unobserved.tolist()
    expected = np.minimum((kappa - 1) * positives, unobserved)
    assert hidden.count == pytest.approx(expected)
    assert hidden.source == f'kappa={kappa} and the observed positives'


def test_validation_labels_tell_how_frequent_a_class_is(
    make_runner, val_cfg, complete
):
    hidden = estimate_hidden(make_runner(**val_cfg), None)
    positives, negatives = count_observed()
    for k in range(3):
        total = 20 * sum(k in labels for labels in complete) / len(complete)
        unobserved = 20 - positives[k] - negatives[k]
        expected = min(max(total - positives[k], 0), unobserved)
        assert hidden.count[k] == pytest.approx(expected)
    assert hidden.source == '10 validation images'


def test_kappa_goes_before_validation_labels(make_runner, val_cfg):
    with_labels = estimate_hidden(make_runner(**val_cfg), 1.5)
    assert with_labels.source.startswith('kappa=1.5')


@pytest.mark.parametrize('labels', ['none', 'partial'])
def test_refuses_to_guess(make_runner, val_cfg, dataset_cfg, labels):
    if labels == 'none':
        val_cfg = {}
    else:
        val_cfg['val_dataloader'].update(dataset=dataset_cfg)
    message = 'has no complete validation labels .*: give the hook `kappa`'
    with pytest.raises(ValueError, match=message):
        estimate_hidden(make_runner(**val_cfg), None)


def test_validation_labels_may_name_the_absent_classes(
    make_runner, val_cfg, complete, tmp_path
):
    """Complete as two lists, where no class is in neither."""
    dataset = val_cfg['val_dataloader']['dataset']
    plain = estimate_hidden(make_runner(**val_cfg), None)
    content = json.loads(Path(dataset['ann_file']).read_text())
    for entry in content['data_list']:
        entry['neg_label'] = sorted({0, 1, 2} - set(entry['gt_label']))
    path = tmp_path / 'lists.json'

    def estimate():
        path.write_text(json.dumps(content))
        dataset.update(ann_file=str(path), labels='partial')
        return estimate_hidden(make_runner(**val_cfg), None)

    assert estimate().count.tolist() == plain.count.tolist()
    content['data_list'][-1]['neg_label'].pop()
    with pytest.raises(ValueError, match='has no complete validation labels'):
        estimate()


@pytest.mark.parametrize('kappa', [0.5, 1])
def test_refuses_a_kappa_that_hides_nothing(make_runner, kappa):
    message = f'`kappa` must exceed the 1 positives of .*, but got {kappa}: '
    with pytest.raises(ValueError, match=message):
        estimate_hidden(make_runner(), kappa)


def test_each_image_inside_wrappers_counts_once(make_runner, dataset_cfg):
    repeated = dict(type='RepeatDataset', dataset=dataset_cfg, times=3)
    plain = estimate_hidden(make_runner(), 1.5)
    hidden = estimate_hidden(make_runner(dataset=repeated), 1.5)
    assert hidden.count.tolist() == plain.count.tolist()


def test_kappa_counts_images_of_several_known_positives_once(
    make_runner, dataset_cfg, tmp_path
):
    """Half of the two positives of each image are known, or nearly all."""
    path = tmp_path / 'two.json'
    for labels in ([[0], [1], [0], [1]], [[0, 1]] * 3 + [[0]]):
        data_list = [
            dict(img_path=f'{n}.png', gt_label=known, neg_label=[])
            for n, known in enumerate(labels)
        ]
        metainfo = dict(classes=['cat', 'dog', 'horse'])
        content = dict(metainfo=metainfo, data_list=data_list)
        path.write_text(json.dumps(content))
        dataset = dict(dataset_cfg, ann_file=str(path))
        hidden = estimate_hidden(make_runner(dataset=dataset), 2.0)
        known = [sum(k in image for image in labels) for k in range(3)]
        assert hidden.num_observed.tolist() == known
        share = 2.0 * 4 / sum(known)
        expected = [min(share * n - n, 4 - n) for n in known]
        assert hidden.count == pytest.approx(expected)


def test_a_table_goes_before_all_else(make_runner, val_cfg, tmp_path):
    path = tmp_path / 'frequencies.csv'
    path.write_text('class,share\ncat,0.6\ndog,\nhorse,1\n')
    hidden = estimate_hidden(make_runner(**val_cfg), 1.5, str(path))
    positives, negatives = count_observed()
    unobserved = 20 - positives - negatives
    assert hidden.source == str(path)
    assert hidden.count == pytest.approx([12 - positives[0], 0, unobserved[2]])
