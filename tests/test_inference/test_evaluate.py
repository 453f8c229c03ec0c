import pytest
from mmengine.config import Config

from mmwsml.inference.evaluate import ending_of, evaluate


@pytest.mark.parametrize(
    'path, ending',
    [('a.npz', '.npz'), ('x.d/b.json', '.json'), ('.c.pkl', '.pkl')],
)
def test_the_name_of_an_output_tells_its_content(path, ending):
    assert ending_of(path) == ending


@pytest.mark.parametrize('path', ['a.csv', 'npz', 'a.NPZ', 'a.npz.gz', ''])
def test_another_ending_is_refused_before_anything_runs(path):
    cfg = Config(dict(test_dataloader=dict()))
    with pytest.raises(
        ValueError, match=r'end with one of \.npz \(the result'
    ):
        evaluate(cfg, 'test', [path])


@pytest.mark.parametrize('split', ['val', 'test'])
def test_a_split_that_the_config_lacks_is_refused(split):
    with pytest.raises(ValueError, match=f'has no `{split}_dataloader` to ev'):
        evaluate(Config(dict(val_dataloader=None)), split, [])
