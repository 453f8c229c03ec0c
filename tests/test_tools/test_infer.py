import json

import cv2
import numpy as np
import pytest
from mmengine.fileio import load


class Exploit:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), 'w')


@pytest.fixture
def trained(run_tool, digits, config, tmp_path):
    """Train for an epoch; return the config and the checkpoint."""
    options = [*digits, 'train_cfg.max_epochs=1', 'custom_hooks=[]']
    run_tool('train', config('an'), '--work-dir', 'run', options=options)
    return config('an'), str(tmp_path / 'run' / 'epoch_1.pth')


@pytest.mark.slow
@pytest.mark.parametrize('batch_size', [1, 3, 100])
def test_scores_are_those_of_the_test_tool(
    trained, run_tool, digits, tmp_path, batch_size
):
    config, checkpoint = trained
    run_tool('test', config, checkpoint, '--out', 'x.pkl', options=digits)
    expected = load(tmp_path / 'x.pkl')
    run_tool('publish_model', config, checkpoint)
    [published] = (tmp_path / 'run').glob('an_*.pth')
    (tmp_path / 'images.txt').write_text(
        '\n'.join(sample['img_path'] for sample in expected)
    )
    with pytest.raises(SystemExit, match='0'):
        run_tool(
            *('infer', 'images.txt', '--checkpoint', published),
            *('--out', 'out.json', '--batch-size', batch_size),
        )
    found = json.loads((tmp_path / 'out.json').read_text())['images']
    assert len(found) == len(expected) == 64
    for one, two in zip(found, expected):
        np.testing.assert_allclose(
            one['scores'], two['pred_score'].numpy(), atol=1e-6
        )


@pytest.mark.slow
def test_broken_images_show_in_the_exit_status(
    trained, run_tool, tmp_path, capsys
):
    config, checkpoint = trained
    (tmp_path / 'in').mkdir()
    cv2.imwrite(str(tmp_path / 'in' / 'good.png'), np.zeros((64, 64, 3)))
    (tmp_path / 'in' / 'bad.png').write_text('no image')
    with pytest.raises(SystemExit, match='1'):
        run_tool(
            *('infer', 'in', '--checkpoint', checkpoint, '--config', config),
            *('--thresholds', '0.0', '--show-dir', 'show'),
        )
    out, err = capsys.readouterr()
    assert 'in/good.png: ' in out
    assert 'skipped in/bad.png: The image in/bad.png cannot be read' in err
    assert '1 of 2 images predicted, 1 skipped.' in err
    assert [path.name for path in (tmp_path / 'show').iterdir()] == [
        'good.png.jpg'
    ]


@pytest.mark.parametrize(
    ('arguments', 'rule'),
    [
        (['none.jpg'], '^none.jpg: names no image'),
        (['.', '--out', 'x.xml'], '^--out must end in .json or .csv'),
        (['a.png', '--device', 'xyz'], "^The device 'xyz' cannot be"),
        (['a.png'], r'evil.pth is damaged or holds more than plain'),
        (['a.png', '--checkpoint', 'none.pth'], 'none.pth does not exist'),
    ],
)
def test_a_mistake_ends_in_one_sentence(run_tool, tmp_path, arguments, rule):
    import torch

    (tmp_path / 'a.png').touch()
    torch.save(Exploit(tmp_path / 'made'), tmp_path / 'evil.pth')
    with pytest.raises((OSError, ValueError), match=rule):
        run_tool('infer', '--checkpoint', 'evil.pth', *arguments)
    assert not (tmp_path / 'made').exists()
