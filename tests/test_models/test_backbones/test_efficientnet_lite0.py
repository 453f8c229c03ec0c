import torch
from mmcv.cnn import ConvModule
from mmpretrain.models.backbones import EfficientNet
from torch import nn

from mmwsml.models import EfficientNetLite0


def test_is_b0_without_excitation_and_with_relu6():
    lite, b0 = EfficientNetLite0(), EfficientNet('b0')
    wanted = {
        name: weight.shape
        for name, weight in b0.state_dict().items()
        if '.se.' not in name
    }
    found = {name: w.shape for name, w in lite.state_dict().items()}
    assert found == wanted
    convolutions = [m for m in lite.modules() if isinstance(m, ConvModule)]
    active = [m.activate for m in convolutions if m.with_activation]
    assert len(active) == 33
    assert all(isinstance(activation, nn.ReLU6) for activation in active)


def test_a_block_equals_its_layers_written_out():
    torch.manual_seed(0)
    lite = EfficientNetLite0()
    lite.init_weights()
    lite.eval()
    block = lite.layers[2][1]  # of stride 1, with a skip
    x = torch.rand(2, 24, 7, 7)
    with torch.no_grad():
        out = x
        for module in (block.expand_conv, block.depthwise_conv):
            out = module.bn(module.conv(out)).clamp(0, 6)
        out = x + block.linear_conv.bn(block.linear_conv.conv(out))
        torch.testing.assert_close(block(x), out)


def test_norms_keep_their_statistics():
    lite = EfficientNetLite0(norm_eval=True)
    lite.train()
    norms = [m for m in lite.modules() if isinstance(m, nn.BatchNorm2d)]
    assert len(norms) == 49 and not any(norm.training for norm in norms)
