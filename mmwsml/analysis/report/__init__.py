"""A report of runs as one HTML page that asks for nothing from anywhere."""

from mmwsml.analysis.report_options import ReportOptions

from .page import write_report

__all__ = ['ReportOptions', 'write_report']
