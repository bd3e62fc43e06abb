"""What the components of the pipeline hand on: one `Reading` a document, at `doc.user_data[KEY]`.

| component | reads | writes |
| --- | --- | --- |
| kg_sentences | text, title_end | sentences |
| kg_abbreviations | sentences | abbreviations |
| kg_catalogue | abbreviations | mentions |
| kg_model (optional) | sentences, abbreviations | mentions, links, numbers |
| kg_entities | mentions, abbreviations | entities, clauses |
| kg_relations | entities, links | relations |
| kg_results | entities, relations | results; margins in relations |

All offsets are half-open character offsets into the text.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.records import Entity, Relation, Result

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.extract.clauses import Clause

__all__ = ["KEY", "Link", "Mention", "Reading", "Span", "reading_of"]

KEY = "kg"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A candidate name at one place; `source` tells which component found it.

    `name` is the canonical name where the catalogue knows it; the trained model's mentions with one
    `group` are one entity.
    """

    start: int
    end: int
    type: str
    source: str
    confidence: float
    name: str | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relation that the trained model sees between two strings; `head` None is the paper."""

    head: str | None
    type: str
    tail: str
    role: str | None
    confidence: float
    sentence: Span


@dataclass(slots=True, kw_only=True)
class Reading:
    """What has been read off a text so far.

    `links` and `numbers` (where a word begins: the probability that it is a result) are None where
    no trained model has read the text.
    """

    text: str = ""
    title_end: int = 0
    sentences: list[Span] = field(default_factory=list)
    abbreviations: list[tuple[Span, Span]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    links: list[Link] | None = None
    numbers: dict[int, float] | None = None
    entities: list[Entity] = field(default_factory=list)
    clauses: list["Clause"] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)


def reading_of(doc: "Doc") -> Reading:
    """Return the document's reading; a document that comes without one gets a fresh one."""
    reading = doc.user_data.get(KEY)
    if not isinstance(reading, Reading):
        reading = Reading(text=doc.text)
        doc.user_data[KEY] = reading
    return reading
