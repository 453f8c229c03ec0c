"""Version of MMWSML."""

__version__ = '0.1.0'
