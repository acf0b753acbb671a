"""Feeds for a blog: YAML posts become RSS 2.0, Atom 1.0 and JSON Feed."""

__version__ = "0.1.0"
