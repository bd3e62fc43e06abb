"""What an extractor is, and how the one of this package is loaded."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Protocol

from kg.catalogue import Catalogue
from kg.records import Paper, Record

__all__ = ["Extractor", "load_extractor"]


class Extractor(Protocol):
    """Reads records off papers.

    A record is a pure function of its paper, `version` and `options`: the same alone, in any
    batch, in any order. `version` changes whenever a record may.
    """

    @property
    def name(self) -> str:
        """What its records call it."""

    @property
    def version(self) -> str:
        """Its version: of rules, weights and data."""

    @property
    def options(self) -> Mapping[str, str]:
        """What else a record depends upon."""

    def extract(self, papers: Iterable[Paper]) -> Iterator[Record]:
        """Yield one record a paper, in the order of the papers."""


def load_extractor(
    *, model: bool | None = None, catalogue: Catalogue | None = None, n_process: int = 1
) -> Extractor:
    """Return the spaCy extractor.

    Parameters
    ----------
    model
        Whether the trained model reads the text; None: where its weights are.
    catalogue
        The known names; None: those that come with the package.
    n_process
        How many processes read; records and their order stay the same.

    Raises
    ------
    ExtractorError
        `model` is true and there are no weights.
    """
    if catalogue is None:
        return _load(model, n_process)
    from kg.extract.pipeline import SpacyExtractor  # imports spaCy, which takes a second

    return SpacyExtractor(model=model, catalogue=catalogue, n_process=n_process)


@cache
def _load(model: bool | None, n_process: int) -> Extractor:
    """Load each extractor of the package once a process."""
    from kg.extract.pipeline import SpacyExtractor

    return SpacyExtractor(model=model, catalogue=None, n_process=n_process)
