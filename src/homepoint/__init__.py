"""Homepoint tells owners of DJI devices what they are covered for, until when, and by which rule."""

__version__ = "0.1.0"
