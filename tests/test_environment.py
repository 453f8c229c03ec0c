from importlib.metadata import PackageNotFoundError

import pytest

from mmwsml import environment
from mmwsml.environment import check_environment

ONEDL = ('onedl-mmengine', 'onedl-mmcv', 'onedl-mmpretrain')
OPENMMLAB = ('mmengine', 'mmcv-lite', 'mmpretrain')


@pytest.fixture
def install(monkeypatch):
    """Fake the installed distributions and the import names they bring."""

    def install(*installed):
        def distribution(name):
            if name not in installed:
                raise PackageNotFoundError(name)

        def find_spec(name):
            providers = environment.PROVIDERS[name]
            return object() if set(providers) & set(installed) else None

        monkeypatch.setattr(environment, 'distribution', distribution)
        monkeypatch.setattr(environment, 'find_spec', find_spec)

    return install


@pytest.mark.parametrize(
    'family', [ONEDL, OPENMMLAB, ('mmengine-lite', 'mmcv', 'mmpretrain')]
)
def test_accepts_one_family(install, family):
    install(*family)
    check_environment()


@pytest.mark.parametrize('second', OPENMMLAB)
def test_names_what_lies_over_each_other_and_the_way_out(install, second):
    install(*ONEDL, second)
    first = ONEDL[OPENMMLAB.index(second)]
    message = (
        f'^{first} and {second} are installed over each other, .* `pip '
        r'uninstall -y onedl-mmengine .* mmpretrain`, then .*mmwsml\[onedl\]'
    )
    with pytest.raises(ImportError, match=message):
        check_environment()


@pytest.mark.parametrize('missing', [0, 1, 2])
def test_names_what_is_missing_and_how_to_install_it(install, missing):
    install(*(name for name in ONEDL if name != ONEDL[missing]))
    name = ONEDL[missing].replace('onedl-', '')
    message = rf"^mmwsml needs `{name}`, .*`pip install 'mmwsml\[onedl\]'`"
    with pytest.raises(ImportError, match=message):
        check_environment()


def test_the_advice_to_remove_covers_every_provider(install):
    install(*ONEDL, *OPENMMLAB)
    with pytest.raises(ImportError, match='uninstall') as error:
        check_environment()
    advised = str(error.value).split('-y ')[1].split('`')[0].split()
    assert set(advised) == set().union(*environment.PROVIDERS.values())


def test_accepts_a_source_checkout_without_a_distribution(monkeypatch):
    def distribution(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(environment, 'distribution', distribution)
    monkeypatch.setattr(environment, 'find_spec', lambda name: object())
    check_environment()
