import numpy as np
import pytest
import torch

from mmwsml.structures import Download, upload

needs_gpu = pytest.mark.skipif(
    not torch.cuda.is_available(), reason='needs a CUDA GPU'
)
CPU = torch.device('cpu')
DTYPES = [torch.bool, torch.int64, torch.float32]


def test_a_tensor_that_is_in_place_is_not_copied():
    tensor = torch.arange(3)
    assert upload(tensor, CPU) is tensor


def test_a_tensor_is_moved_to_another_device():
    moved = upload(torch.arange(3), torch.device('meta'))
    assert moved.device.type == 'meta' and moved.shape == (3,)


@pytest.mark.parametrize('dtype', DTYPES)
@pytest.mark.parametrize('shape', [(), (0, 3), (2, 3)])
def test_downloads_have_the_values_of_the_tensors(shape, dtype):
    tensors = torch.ones(shape, dtype=dtype), torch.zeros(shape)
    arrays = Download(*tensors).arrays()
    for array, tensor in zip(arrays, tensors):
        np.testing.assert_array_equal(array, tensor.numpy(), strict=True)


def test_a_tensor_with_a_gradient_is_downloaded():
    tensor = torch.tensor([1.0, 2.0], requires_grad=True)
    assert Download(tensor * 2).arrays()[0].tolist() == [2, 4]


def test_a_download_of_nothing_is_empty():
    assert Download().arrays() == []


@needs_gpu
@pytest.mark.parametrize('dtype', DTYPES)
def test_a_tensor_survives_the_way_to_a_gpu_and_back(dtype):
    tensor = torch.arange(24).view(2, 3, 4).to(dtype)
    there = upload(tensor, torch.device('cuda'))
    download = Download(there, there.mT)
    there.zero_()  # after the copies in the order of the stream
    back, transposed = download.arrays()
    np.testing.assert_array_equal(back, tensor.numpy(), strict=True)
    np.testing.assert_array_equal(transposed, tensor.mT.numpy())
