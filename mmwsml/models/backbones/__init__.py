"""Backbones beside those of MMPretrain."""

from .digit_net import DigitNet

__all__ = ['DigitNet']
