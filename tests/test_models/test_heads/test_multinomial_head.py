import math

import pytest
import torch

from mmwsml.models import MultinomialHead, PartialLabelHead


@pytest.fixture
def head():
    """A head of three classes, made as a hook does."""
    torch.manual_seed(0)
    head = MultinomialHead(3, 4)
    head.init_weights()
    head.competition.copy_(torch.tensor([0.0, 0.5, 1.0]))
    head.power.fill_(0.5)
    torch.nn.init.normal_(head.fc.weight)
    torch.nn.init.normal_(head.direct.weight)
    return head


def test_equals_the_formula_written_as_loops(head):
    features = torch.rand(5, 4)
    logits = head((features,))
    for n, row in enumerate(features.tolist()):
        root = [math.sqrt(value) for value in row]
        z, d = [], []
        for k in range(3):
            terms = zip(head.fc.weight[k].tolist(), root)
            z.append(sum(w * x for w, x in terms) + head.fc.bias[k].item())
            terms = zip(head.direct.weight[k].tolist(), root)
            d.append(sum(w * x for w, x in terms))
        rivals = math.log(sum(math.exp(value) for value in z))
        for k, g in enumerate([0, 0.5, 1]):
            wanted = z[k] - g * rivals + d[k]
            assert logits[n, k].item() == pytest.approx(wanted, abs=1e-5)


def test_begins_as_a_linear_head():
    head, plain = MultinomialHead(3, 4), PartialLabelHead(3, 4)
    head.init_weights()
    plain.fc.load_state_dict(head.fc.state_dict())
    features = (torch.randn(5, 4),)
    torch.testing.assert_close(head(features), plain(features))


def test_with_full_competition_it_is_the_log_softmax(head):
    head.init_weights()
    head.competition.fill_(1)
    total = head((torch.rand(5, 4),)).exp().sum(1)
    torch.testing.assert_close(total, torch.ones(5))


def test_features_keep_their_sign_and_0_its_slope(head):
    feature = torch.tensor([[-4.0, 0.0, 1.0, 9.0]], requires_grad=True)
    raised = head.raise_features(feature)
    assert raised.tolist() == [[-2, 0, 1, 3]]
    raised.sum().backward()
    assert feature.grad[0].tolist() == pytest.approx([0.25, 0, 0.5, 1 / 6])


def test_its_state_is_in_the_checkpoint(head):
    other = MultinomialHead(3, 4)
    other.load_state_dict(head.state_dict())
    features = (torch.rand(5, 4),)
    assert torch.equal(other(features), head(features))


def test_logits_stay_float32_under_autocast(head):
    with torch.autocast('cpu', torch.bfloat16):
        logits = head((torch.rand(5, 4).bfloat16(),))
    assert logits.dtype == torch.float32
