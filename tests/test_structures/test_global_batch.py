import random

import pytest
import torch

from mmwsml.structures import GlobalBatch, hash64


def random_ids(seed, num_images):
    """Draw images, some of them more than once."""
    return random.Random(seed).choices(
        [f'voc/{i}' for i in range(9)], k=num_images
    )


def places_in_loops(sample_ids):
    """Count the images before each one: of smaller hash, or earlier copies."""
    keys = [(hash64(image), n) for n, image in enumerate(sample_ids)]
    return [sum(other < key for other in keys) for key in keys]


def split(sample_ids, sizes):
    """Cut a batch into the parts of the ranks."""
    rest = iter(sample_ids)
    return [[next(rest) for _ in range(size)] for size in sizes]


def test_made_directly_it_is_the_batch_of_one_process():
    batch = GlobalBatch(['a', 'b', 'c'])
    assert (batch.sizes, batch.rank) == ([3], 0)
    assert batch.num_images == 3 and batch.share == 1
    assert batch.alone() is batch


def test_the_keys_are_the_hashes_of_the_images():
    batch = GlobalBatch(['a', 'b', 'a'])
    assert batch.keys.tolist() == [hash64('a'), hash64('b'), hash64('a')]
    assert batch.keys.dtype == GlobalBatch([]).keys.dtype == 'int64'


@pytest.mark.parametrize('seed', range(20))
def test_places_equal_loops_over_the_hashes(seed):
    ids = random_ids(seed, seed)
    assert GlobalBatch(ids).places.tolist() == places_in_loops(ids)


@pytest.mark.parametrize('sizes', [[8], [5, 3], [1, 7], [0, 8], [2, 3, 1, 2]])
def test_places_do_not_depend_on_the_spread_over_ranks(sizes, on_ranks):
    for seed in range(20):
        ids = random_ids(seed, 8)
        parts = split(ids, sizes)
        found = on_ranks(
            len(sizes),
            lambda rank, p=parts: GlobalBatch(p[rank], sizes, rank).places,
        )
        joined = [place for places in found for place in places.tolist()]
        assert joined == places_in_loops(ids)


@pytest.mark.parametrize('num_ranks', [1, 2, 4])
def test_processes_meet_and_learn_the_sizes(num_ranks, on_ranks):
    sizes = [3, 1, 2, 5][:num_ranks]
    found = on_ranks(
        num_ranks, lambda rank: GlobalBatch.meet(['a'] * sizes[rank], 20)
    )
    assert [batch.rank for batch in found] == list(range(num_ranks))
    assert [len(batch.sample_ids) for batch in found] == sizes
    assert all(batch.sizes == sizes for batch in found)
    assert all(batch.num_images == sum(sizes) for batch in found)


def test_a_single_process_meets_itself():
    batch = GlobalBatch.meet(['a', 'b'], 20)
    assert (batch.sizes, batch.rank) == ([2], 0)


def test_all_processes_refuse_different_classes(on_ranks):
    def meet(rank):
        message = r'train the same classes.*`num_classes` \[20, 20, 80\]'
        with pytest.raises(ValueError, match=message):
            GlobalBatch.meet(['a'], [20, 20, 80][rank])
        return True

    assert all(on_ranks(3, meet))


@pytest.mark.parametrize('sizes', [[4], [3, 1], [2, 2], [1, 5, 0, 2]])
def test_shares_turn_the_mean_of_ranks_into_that_of_images(sizes):
    parts = split(list(range(sum(sizes))), sizes)
    values = [sum(part) / max(len(part), 1) for part in parts]
    shares = [
        GlobalBatch(part, sizes, rank).share for rank, part in enumerate(parts)
    ]
    mean = sum(v * s for v, s in zip(values, shares)) / len(sizes)
    assert mean == pytest.approx((sum(sizes) - 1) / 2)


def test_shares_of_equal_batches_are_exactly_1():
    assert all(GlobalBatch('abc', [3] * 7, r).share == 1 for r in range(7))


def test_alone_a_batch_has_no_other_process():
    batch = GlobalBatch(['a', 'b'], [3, 2], 1).alone()
    assert (batch.sizes, batch.rank) == ([2], 0)
    assert batch.places.tolist() == places_in_loops(['a', 'b'])
    assert batch.gather(torch.ones(2)).tolist() == [[1, 1]]


def test_all_processes_see_the_tensors_of_all(on_ranks):
    def gather(rank):
        batch = GlobalBatch(['a'], [1, 1, 1], rank)
        return batch.gather(torch.tensor([rank, 10])).tolist()

    assert on_ranks(3, gather) == [[[0, 10], [1, 10], [2, 10]]] * 3
