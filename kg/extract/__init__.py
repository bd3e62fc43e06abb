"""Reads facts off papers: a spaCy pipeline of small components (`components.py`, `state.py`).

sentences → abbreviations → catalogue → (trained model) → entities → relations → results

`load_extractor` is the door; what it returns is an `Extractor`, and another one can take its place.
"""

from kg.extract.base import Extractor, load_extractor

__all__ = ["Extractor", "load_extractor"]
