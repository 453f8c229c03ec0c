import numpy as np
import pytest
import torch

from mmwsml.models.label_stores.table_state import load_table, save_table
from mmwsml.structures import ImageRows

ROWS = ImageRows(np.array([7, -3, 5]))


def test_a_table_comes_back_as_it_was_saved():
    table = torch.arange(6.0).view(3, 2)
    state = save_table(ROWS, 'marks', table)
    table += 1
    assert state['key'].tolist() == [-3, 5, 7]
    loaded = load_table(state, ROWS, 'marks', num_classes=2)
    assert loaded.tolist() == [[0, 1], [2, 3], [4, 5]]


def test_what_is_saved_is_a_copy_without_a_graph():
    rows, table = ImageRows(np.array([7, 5])), torch.zeros(2, 1)
    state = save_table(rows, 'marks', table.requires_grad_())
    rows.keys[0] = 6
    assert state['key'].tolist() == [5, 7]
    assert not state['marks'].requires_grad


def test_a_state_without_the_table_is_refused():
    state = save_table(ROWS, 'marks', torch.zeros(3, 2))
    with pytest.raises(ValueError, match='holds no `logits`: resume from'):
        load_table(state, ROWS, 'logits', num_classes=2)


@pytest.mark.parametrize('keys', [[-3, 5, 8], [-3, 5]])
def test_a_table_of_other_images_is_refused(keys):
    other = ImageRows(np.array(keys))
    state = save_table(other, 'marks', torch.zeros(len(keys), 2))
    message = f'of {len(keys)} images, which are not the 3 of the training'
    with pytest.raises(ValueError, match=message):
        load_table(state, ROWS, 'marks', num_classes=2)


def test_a_table_of_other_classes_is_refused():
    state = save_table(ROWS, 'marks', torch.zeros(3, 2))
    with pytest.raises(ValueError, match=r'shape \(3, 2\), but the run has'):
        load_table(state, ROWS, 'marks', num_classes=4)
