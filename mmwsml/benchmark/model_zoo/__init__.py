"""The model zoo: metafiles, and the tables that are made from them."""

from .main import find_stale, refresh

__all__ = ['find_stale', 'refresh']
