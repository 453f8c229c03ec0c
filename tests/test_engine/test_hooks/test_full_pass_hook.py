import pytest
import torch
from torch.utils.data import BatchSampler

from mmwsml.engine import FullPassHook
from mmwsml.engine.head import head_of, store_of
from mmwsml.models.label_stores import LabelStore
from mmwsml.structures import hash64, memory_limit

BASE = [
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]
PIPELINE = [
    dict(type='mmwsml.LoadImage'),
    dict(type='mmwsml.PackPartialLabels'),
]
PASS = dict(type='mmwsml.FullPassHook', pipeline=PIPELINE)
EM = dict(type='mmwsml.EntropyMaximization', alpha=0.2, beta=0.4)
HEADS = {
    'apl': dict(loss=EM, label_store=dict(type='mmwsml.SoftLabels', begin=1)),
    'mime': dict(
        label_store=dict(type='mmwsml.ThresholdMemory', threshold=0.5, begin=1)
    ),
}


class Recorder(LabelStore):
    """Keep what each pass shows; ask for one after some epochs."""

    stateful = True

    def __init__(self, epochs=(1, 2, 3)):
        self.epochs, self.seen = epochs, []

    def wants_logits(self, epoch, num_epochs):
        return epoch in self.epochs

    def take_logits(self, logits, epoch, num_epochs):
        self.seen.append((epoch, num_epochs, torch.from_numpy(logits)))


@pytest.fixture
def record(make_runner):
    """Train with a recorder; return the runner and what it has seen."""

    def run(hook=PASS, epochs=(1, 2, 3), **kwargs):
        head = dict(label_store=Recorder(epochs))
        runner = make_runner([*BASE, hook], head, **kwargs)
        runner.train()
        return runner, store_of(runner).seen

    return run


def loader_of(dataset, batch_size=3):
    sampler = dict(type='DefaultSampler', shuffle=False)
    return dict(
        batch_size=batch_size, num_workers=0, dataset=dataset, sampler=sampler
    )


@pytest.mark.parametrize('wrapped', [False, True])
def test_a_store_sees_all_images_after_the_epochs_it_asks_for(record, wrapped):
    runner, seen = record(epochs=(2,), wrapped=wrapped)
    assert [row[:2] for row in seen] == [(2, 2)]
    assert seen[0][2].shape == (20, 3)
    model = getattr(runner.model, 'module', runner.model).eval()
    dataset = runner.train_dataloader.dataset
    items = sorted(dataset, key=lambda x: hash64(x['data_samples'].sample_id))
    inputs = [item['inputs'] for item in items]
    with torch.no_grad():
        data = model.data_preprocessor(dict(inputs=inputs), False)
        oracle = model.head(model.extract_feat(data['inputs']))
    torch.testing.assert_close(seen[0][2], oracle)  # with the last weights


def test_the_size_of_a_batch_may_be_the_batch_samplers(record):
    batches = dict(type=BatchSampler, drop_last=False)
    seen = record(loader=dict(batch_size=4, batch_sampler=batches))[1]
    assert [len(row[2]) for row in seen] == [20, 20]


def test_each_image_goes_through_the_transforms_once(record):
    paths = []

    def note(results):
        paths.append(results['img_path'])
        return results

    record(dict(PASS, pipeline=[note, *PIPELINE]), epochs=(1,))
    assert len(paths) == len(set(paths)) == 20


def test_training_goes_on_as_if_there_had_been_no_pass(record):
    weights = [
        [w.clone() for w in record(epochs=e)[0].model.parameters()]
        for e in ((2,), (1, 2))
    ]
    for one, other in zip(*weights):
        assert torch.equal(one, other)


def test_an_epoch_may_be_so_many_iterations(record):
    hook = dict(PASS, by_epoch=False, iters_per_epoch=3)
    train_cfg = dict(type='mmwsml.ResumableIterLoop', max_iters=7)
    sampler = dict(type='mmwsml.EndlessSampler')
    _, seen = record(hook, train_cfg=train_cfg, loader=dict(sampler=sampler))
    assert [row[:2] for row in seen] == [(1, 3), (2, 3), (3, 3)]
    assert not torch.equal(seen[1][2], seen[2][2])


@pytest.mark.parametrize('split', ['val', 'test'])
def test_images_are_transformed_as_in_evaluation(record, dataset_cfg, split):
    sizes = []

    def note(results):
        sizes.append(results['img_shape'])
        return results

    resize = dict(type='Resize', scale=(12, 8))
    pipeline = [PIPELINE[0], resize, note, PIPELINE[1]]
    dataset = dict(dataset_cfg, pipeline=pipeline)
    evaluation = {
        f'{split}_dataloader': loader_of(dataset, batch_size=7),
        f'{split}_cfg': {},
        f'{split}_evaluator': dict(type='mmwsml.MeanAveragePrecision'),
    }
    train_cfg = dict(by_epoch=True, max_epochs=1)
    hook = dict(type='mmwsml.FullPassHook')
    runner, seen = record(hook, train_cfg=train_cfg, **evaluation)
    num_passes = dict(val=2, test=1)[split]  # one is validation itself
    assert sizes == [(8, 12)] * 20 * num_passes and len(seen) == 1
    (hook,) = (hook for hook in runner.hooks if type(hook) is FullPassHook)
    assert hook._loader.batch_size == 7


@pytest.mark.parametrize('name', HEADS)
@pytest.mark.parametrize('wrapped', [False, True])
def test_a_resumed_run_equals_an_unbroken_one(
    make_runner, tmp_path, name, wrapped
):
    runs = []
    path = str(tmp_path / 'work' / 'epoch_2.pth')
    for resume in (False, True):
        runner = make_runner(
            [*BASE, PASS],
            HEADS[name],
            wrapped=wrapped and not resume,
            train_cfg=dict(by_epoch=True, max_epochs=4),
            resume=resume,
            load_from=path if resume else None,
        )
        runner.train()
        model = getattr(runner.model, 'module', runner.model)
        state = store_of(runner).snapshot()
        runs.append({**model.state_dict(), **state})
        assert len(state[dict(apl='soft', mime='loss')[name]]) > 0
    assert runs[0].keys() == runs[1].keys()
    for key, value in runs[0].items():
        assert torch.equal(value, runs[1][key])


def test_the_checkpoint_of_an_epoch_holds_what_its_pass_taught(
    make_runner, tmp_path
):
    make_runner([*BASE, PASS], HEADS['apl']).train()
    path = tmp_path / 'work' / 'epoch_1.pth'
    state = torch.load(path, weights_only=True)['label_store']
    assert (state['soft'] > 0).any()


def test_the_loss_knows_the_epoch_too(record):
    runner, _ = record()
    assert head_of(runner).told.progress == (2, 2)


def test_says_what_a_pass_costs(make_runner, monkeypatch):
    runner = make_runner([*BASE, PASS], HEADS['mime'])
    lines = []
    monkeypatch.setattr(runner.logger, 'info', lines.append)
    runner.train()
    lines = [line for line in lines if 'ThresholdMemory saw 20 tr' in line]
    assert len(lines) == 2
    assert lines[0].startswith('Epoch 1: ') and '% of the epoch' in lines[0]


@pytest.mark.parametrize('name', HEADS)
def test_a_store_that_waits_for_passes_is_refused_without_the_hook(
    make_runner, name
):
    runner = make_runner(BASE, HEADS[name])
    message = r"learns from passes .*: add dict\(type='mmwsml.FullPassHook'\)"
    with pytest.raises(ValueError, match=message):
        runner.train()
    assert runner.iter == 0


@pytest.mark.parametrize('store', ['none', 'late', 'memory'])
def test_a_store_that_never_asks_is_refused(make_runner, store):
    head = dict(
        none={},
        late=dict(label_store=dict(type='mmwsml.ThresholdMemory', begin=3)),
        memory=dict(
            loss=dict(type='mmwsml.LargeLossCorrection'),
            label_store=dict(type='mmwsml.LabelMemory'),
        ),
    )[store]
    message = 'asks for no pass over the training set in the 2 epochs of the'
    with pytest.raises(ValueError, match=message):
        make_runner([*BASE, PASS], head).train()


def test_refuses_a_pass_that_exceeds_the_memory(record, monkeypatch):
    monkeypatch.setattr(memory_limit, 'physical_memory', lambda: 239)
    with pytest.raises(ValueError, match='A pass over 20 images x 3 classes'):
        record()


def test_needs_to_know_how_images_are_transformed(record):
    with pytest.raises(ValueError, match='has no `val_dataloader` or `test_'):
        record(dict(type='mmwsml.FullPassHook'))


def test_a_pipeline_without_identity_is_refused(record):
    pipeline = [PIPELINE[0], dict(type='PackInputs')]
    message = 'end the pipeline with mmwsml.PackPartialLabels'
    with pytest.raises(ValueError, match=message):
        record(dict(PASS, pipeline=pipeline))


@pytest.mark.parametrize(
    'name, value',
    [('batch_size', 0), ('batch_size', 1.5), ('num_workers', -1)],
)
def test_refuses_a_wrong_number(name, value):
    message = f'`{name}` must be an integer of at least [01], but got {value}'
    with pytest.raises(ValueError, match=message):
        FullPassHook(**{name: value})


def test_soft_labels_are_refused_by_a_loss_that_does_not_expect_them(
    make_runner,
):
    plain = dict(EM, beta=None)
    head = dict(HEADS['apl'], loss=plain)
    message = 'EntropyMaximization does not expect probabilities .*SoftLabels'
    with pytest.raises(ValueError, match=message):
        make_runner(BASE, head)
