"""A small repository with two methods, and runs of them."""

import pytest

AN = 'an_digitnet_1xb16-adam-15e_digitscenes-1pos'
CT = 'll-ct_resnet50_in1k-pre_1xb16-sgd-10e_voc12-1pos-448px'
HEAD = 'run,seed,test,val_best,val_last,best_epoch\n'


@pytest.fixture
def repository(tmp_path):
    for name, collection in ((AN, 'Assume negative'), (CT, 'LL-Ct')):
        folder = tmp_path / 'configs' / name.partition('_')[0]
        folder.mkdir(parents=True)
        (folder / f'{name}.py').touch()
        text = f'Collections:\n  - Name: {collection}\n'
        (folder / 'metafile.yml').write_text(text)
    (tmp_path / 'docs').mkdir()
    for page, block in (
        ('docs/results.md', 'zoo: digitscenes/digitnet'),
        ('docs/model-zoo.md', 'zoo: voc12'),
        ('docs/methods.md', ''),
        ('docs/reproduce.md', ''),
    ):
        end = f'<!-- end of {block[:3]} -->\n'
        text = f'Above.\n<!-- {block} -->\n{end}Below.\n' if block else 'x\n'
        (tmp_path / page).write_text(text)
    return tmp_path


@pytest.fixture
def runs_csv(tmp_path):
    """Return a function that writes a runs.csv of these lines."""

    def write(*lines, name='runs.csv'):
        path = tmp_path / name
        path.write_text(HEAD + ''.join(f'{line}\n' for line in lines))
        return path

    return write


@pytest.fixture
def names():
    return AN, CT
