"""What the tests are marked by themselves."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.mark.parametrize(
    'name',
    [
        'test_registry.py',  # it imports mmengine
        'test_configs/test_names.py',  # its configs are read by mmengine
        'test_tools/test_check_dataset.py',
        'test_datasets/test_infos.py',
        'test_engine/test_samples.py',
        'test_engine/test_hooks/test_record_hook.py',
        'test_models/test_heads/test_partial_label_head.py',
        'test_models/test_backbones/test_digit_net.py',  # by its module
        'test_evaluation/test_metrics/test_pointing_game.py',
        'test_distributed/test_draws.py',
    ],
)
def test_what_touches_the_mm_packages_is_found(name, touches_family):
    assert (TESTS / name).exists() and touches_family(TESTS / name)


@pytest.mark.parametrize(
    'name',
    [
        'test_models/test_selections/test_select_largest.py',
        'test_structures/test_labels.py',
        'test_evaluation/test_functional.py',
    ],
)
def test_formulas_are_not_run_again(name, touches_family):
    assert (TESTS / name).exists() and not touches_family(TESTS / name)
