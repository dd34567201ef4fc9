"""Writes hierarchies: SKOS, CSV, Markdown, GraphML, and a page that opens without a server."""

from app.hierarchy.writers.outline import Outline, OutlinePaper, OutlineTopic
from app.hierarchy.writers.write import FORMATS, OutlineFormat, write_outline

__all__ = ["FORMATS", "Outline", "OutlineFormat", "OutlinePaper", "OutlineTopic", "write_outline"]
