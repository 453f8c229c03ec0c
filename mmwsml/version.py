"""Version of MMWSML."""

__version__ = '0.2.0'
