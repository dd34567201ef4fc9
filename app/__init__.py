"""papertree: hierarchies of labelled topics over scientific papers."""

__version__ = "0.1.0"
