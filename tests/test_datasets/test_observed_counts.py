from mmengine.dataset import RepeatDataset

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.observed_counts import count_observed, has_unobserved
from mmwsml.datasets.transforms import KeepOnePositive

ENTRIES = [dict(img_path=f'{n}.png', gt_label=[0, 1, 2]) for n in range(3)]


def test_counts_what_the_pipeline_leaves(write_dataset):
    entries = [
        dict(img_path='0.png', gt_label=[0, 2], neg_label=[1]),
        dict(img_path='1.png', gt_label=[0]),
        dict(img_path='2.png', gt_label=[], neg_label=[2]),
    ]
    settings = write_dataset(entries)
    known = PartialLabelDataset(**settings)
    both = RepeatDataset(known, times=2)  # an image counts once
    positives, observed = count_observed(both, 3)
    assert positives.tolist() == [2, 0, 1]
    assert observed.tolist() == [2, 1, 2]
    known.pipeline.transforms.append(KeepOnePositive())
    positives, observed = count_observed(known, 3)
    assert positives.tolist() == observed.tolist()
    assert positives.sum() == 2


def test_counts_complete_and_partial_images_together(write_dataset):
    complete = PartialLabelDataset(
        labels='complete', **write_dataset(ENTRIES[:2])
    )
    one = complete.get_data_info(0)
    complete.get_data_info = lambda index: (one, {**one, 'gt_label': []})[
        index
    ]
    positives, observed = count_observed(complete, 4)
    assert positives.tolist() == [1, 1, 1, 0]
    assert observed.tolist() == [2, 2, 2, 2]
    assert not has_unobserved(complete, 4)
    part = {**one, 'gt_label': [0], 'neg_label': [1]}
    complete.get_data_info = lambda index: (one, part)[index]
    assert count_observed(complete, 4)[1].tolist() == [2, 2, 1, 1]
    assert has_unobserved(complete, 4) and not has_unobserved(complete, 2)


def test_nothing_is_counted_without_labels(write_dataset):
    dataset = PartialLabelDataset(**write_dataset(ENTRIES))
    dataset.get_data_info = lambda index: dict(img_path='a.png')
    assert count_observed(dataset, 3) is None
