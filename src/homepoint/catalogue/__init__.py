"""The terms catalogue: its data files read into typed terms."""

from homepoint.catalogue.entry import CatalogueError
from homepoint.catalogue.load import load_terms

__all__ = ["CatalogueError", "load_terms"]
