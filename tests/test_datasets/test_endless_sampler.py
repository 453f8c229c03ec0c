from itertools import islice

import pytest

from mmwsml.datasets import EndlessSampler, endless_sampler


@pytest.fixture
def sampler(monkeypatch):
    """Return a maker of the sampler of one of several processes."""

    def make(num_images, rank=0, num_processes=1, **kwargs):
        monkeypatch.setattr(
            endless_sampler, 'get_dist_info', lambda: (rank, num_processes)
        )
        return EndlessSampler(range(num_images), **{'seed': 0, **kwargs})

    return make


def take(sampler, number):
    return list(islice(iter(sampler), number))


def test_each_pass_holds_every_image_once_in_a_new_order(sampler):
    stream = take(sampler(7), 21)
    passes = [stream[first : first + 7] for first in (0, 7, 14)]
    assert [sorted(p) for p in passes] == [list(range(7))] * 3
    assert passes[0] != passes[1] != passes[2]


def test_without_shuffling_the_order_is_that_of_the_images(sampler):
    assert take(sampler(3, shuffle=False), 7) == [0, 1, 2, 0, 1, 2, 0]


@pytest.mark.parametrize('num_processes', [1, 2, 3, 4])
@pytest.mark.parametrize('num_images', [1, 2, 7, 12])
def test_processes_deal_the_same_stream_out_in_turn(
    sampler, num_images, num_processes
):
    stream = take(sampler(num_images), 60)
    for rank in range(num_processes):
        part = sampler(num_images, rank, num_processes)
        wanted = stream[rank::num_processes]
        assert take(part, len(wanted)) == wanted


@pytest.mark.parametrize('num_samples', [0, 1, 6, 7, 8, 40])
def test_skipping_equals_dropping(sampler, num_samples):
    for rank in range(2):
        whole = take(sampler(7, rank, 2), 60)
        part = sampler(7, rank, 2)
        part.skip(num_samples)
        assert take(part, 20) == whole[num_samples : num_samples + 20]


def test_the_order_follows_the_seed(sampler):
    assert take(sampler(20), 20) == take(sampler(20), 20)
    assert take(sampler(20), 20) != take(sampler(20, seed=1), 20)


@pytest.mark.parametrize('num_processes, length', [(1, 7), (2, 4), (3, 3)])
def test_its_length_is_a_pass_of_one_process(sampler, num_processes, length):
    assert len(sampler(7, 0, num_processes)) == length


def test_refuses_an_empty_data_set(sampler):
    with pytest.raises(ValueError, match='EndlessSampler needs images, but'):
        sampler(0)
