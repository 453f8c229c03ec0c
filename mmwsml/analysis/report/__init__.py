"""A report of runs as one HTML page that asks for nothing from anywhere."""

from .options import ReportOptions
from .page import write_report

__all__ = ['ReportOptions', 'write_report']
