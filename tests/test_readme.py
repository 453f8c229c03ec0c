"""CI can find the test command of the README, and its loops run."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / 'README.md').read_text()


def test_the_test_command_makes_an_environment_and_leaves_slow_out():
    block = README.split('<!-- test command -->\n```bash\n')[1].split('```')[0]
    assert "pip install -e '.[onedl,tests]'" in block
    assert "pytest -n 2 --dist worksteal -m 'not slow'" in block


def test_its_loop_finds_one_config_for_each_method_and_data_set():
    for pattern in re.findall(r'configs/\$method/(\S+)\)', README):
        for method in ('full', 'an', 'll-r', 'll-ct', 'll-cp'):
            assert len(list((ROOT / 'configs' / method).glob(pattern))) == 1
