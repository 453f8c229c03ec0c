import subprocess
import sys

import mmengine.registry
import pytest
from mmengine.registry import DefaultScope
from mmpretrain import registry as host

from mmwsml import registry

PARTS = {
    'DATASETS': [
        'COCOMultiLabel',
        'CUBAttributes',
        'DigitScenes',
        'NUSWIDE',
        'OpenImages',
        'OtherFolds',
        'PartialLabelDataset',
        'VOCMultiLabel',
        'ValidationSplit',
    ],
    'TRANSFORMS': [
        'AddSampleId',
        'KeepCounts',
        'KeepKnownFraction',
        'KeepOnePositive',
        'KeepPositiveByFrequency',
        'KeepPositiveByLocation',
        'KeepPositiveBySize',
        'KeepPositiveFraction',
        'LoadFeatures',
        'LoadImage',
        'LoadObservedLabels',
        'PackPartialLabels',
    ],
    'MODELS': [
        'AssumeNegative',
        'Asymmetric',
        'BoostLUHead',
        'ClassWiseSelection',
        'CurriculumLabels',
        'DigitNet',
        'EfficientNetLite0',
        'EntropyMaximization',
        'ExpectedPositiveRegularization',
        'Focal',
        'FullLabel',
        'GeneralizedRobust',
        'Hill',
        'IgnoreUnobserved',
        'InteractiveMultiLabel',
        'LabelEstimates',
        'LabelMemory',
        'LabelSmoothingAssumeNegative',
        'LargeLossCorrection',
        'LargeLossRejection',
        'MultinomialHead',
        'PairwiseRanking',
        'PartialAsymmetric',
        'PartialBCE',
        'PartialLabelCSRAHead',
        'PartialLabelHead',
        'PrecomputedFeatures',
        'RegularizedOnlineLabelEstimation',
        'SelfPacedCorrection',
        'SoftLabels',
        'ThresholdMemory',
        'TopKSelection',
        'WeakAssumeNegative',
    ],
    'METRICS': [
        'DumpPredictions',
        'MeanAveragePrecision',
        'ObservedMultiLabelMetric',
        'PointingGame',
        'PositiveUnlabeledMetric',
    ],
    'DATA_SAMPLERS': ['EndlessSampler'],
    'LOOPS': ['ClosedFormLoop', 'HeadMadeAgainLoop', 'ResumableIterLoop'],
    'HOOKS': [
        'ActivationMapHook',
        'BatchStatisticsHook',
        'ChannelsLastHook',
        'ClassWiseScheduleHook',
        'CorrectionPicturesHook',
        'EpochSeedHook',
        'FullPassHook',
        'LabelStoreHook',
        'LargeLossScheduleHook',
        'LateRuntimeInfoHook',
        'LinearDiscriminantHook',
        'LinearInitHook',
        'MultinomialDiscriminantHook',
        'PlainCheckpointHook',
        'PreflightHook',
        'ProgressHook',
        'PropensityHook',
        'RankingEMAHook',
        'RankingScoresHook',
        'RecordHook',
        'ResumedValidationHook',
        'SelfTuningScheduleHook',
        'StopBelowBestHook',
        'WholeCheckpointHook',
    ],
    'OPTIM_WRAPPERS': ['CPUAmpOptimWrapper'],
}
OURS = [(name, part) for name, parts in PARTS.items() for part in parts]


@pytest.fixture(autouse=True)
def default_scope():
    """Look up as a config with `default_scope = 'mmpretrain'` does."""
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        yield


@pytest.mark.parametrize('name, part', OURS)
def test_a_part_is_found_from_mmpretrain_and_mmengine(name, part):
    found = getattr(host, name).get(f'mmwsml.{part}')
    assert found.__name__ == part
    assert found.__module__.startswith('mmwsml.')
    root = getattr(mmengine.registry, name)
    with root.switch_scope_and_registry(None) as scoped:  # as its build does
        assert scoped.get(f'mmwsml.{part}') is found


def test_the_seeding_of_workers_is_found():
    found = mmengine.registry.FUNCTIONS.get('mmwsml.seed_worker')
    assert found.__module__ == 'mmwsml.engine.seed'


@pytest.mark.parametrize('name', PARTS)
def test_the_list_of_parts_is_whole(name):
    found = getattr(registry, name)
    found.get('nothing')  # imports the modules
    assert sorted(found.module_dict) == PARTS[name]


@pytest.mark.parametrize('name, part', OURS)
def test_a_part_hides_none_of_the_same_name(name, part):
    assert getattr(host, name).get(part) is not getattr(registry, name).get(
        f'mmwsml.{part}'
    )


@pytest.mark.parametrize(
    'name, part',
    [
        ('DATASETS', 'MultiLabelDataset'),
        ('TRANSFORMS', 'PackInputs'),
        ('MODELS', 'ResNet'),
        ('METRICS', 'AveragePrecision'),
        ('HOOKS', 'EMAHook'),
        ('OPTIM_WRAPPERS', 'AmpOptimWrapper'),
    ],
)
def test_the_parts_of_mmpretrain_and_mmengine_are_still_found(name, part):
    found = getattr(host, name).get(part)
    assert found.__module__.split('.')[0] in ('mmpretrain', 'mmengine')
    assert getattr(registry, name).get(part) is found


def test_an_unknown_part_is_an_error():
    with pytest.raises(KeyError, match=r'mmwsml\.Nothing is not in the'):
        host.MODELS.build(dict(type='mmwsml.Nothing'))


@pytest.mark.dist
def test_the_first_look_up_imports_what_it_needs():
    code = (
        'import sys, mmwsml\n'
        'from mmengine.registry import DefaultScope\n'
        'from mmpretrain.registry import MODELS\n'
        'assert "mmwsml.models" not in sys.modules\n'
        'with DefaultScope.overwrite_default_scope("mmpretrain"):\n'
        '    print(MODELS.get("mmwsml.DigitNet").__name__)\n'
    )
    run = [sys.executable, '-c', code]
    done = subprocess.run(run, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == 'DigitNet'
