"""The frozen records that the stages hand on: Paper → Record → Node and Edge.

A record is what is read off one paper. Offsets are half-open and count characters of
`Paper.text`; confidences are in [0, 1]; `None` means unknown. `kg.records_json` turns them into
JSON objects and back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "PAPER",
    "Author",
    "Edge",
    "Entity",
    "Node",
    "Paper",
    "Reason",
    "Record",
    "Reference",
    "Rejected",
    "Relation",
    "Result",
    "Value",
]

PAPER = "PAPER"
"""The head of a relation, or the system of a result, that is the unnamed work itself."""

Value = str | int | float | bool | tuple[str, ...]
"""A property's value in the graph: Cypher's scalars and lists of strings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person as one paper names them; `id` is an ORCID or the source's own id."""

    name: str
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A work in a paper's reference list: an arXiv id, a DOI, or the source's id."""

    id: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper's title, abstract and metadata.

    `id` is the input's own id where it has one, else the paper's identity
    (`kg.identity.paper_id`). `source_ids` keeps every other id that the sources give, each as
    "scheme:value" (`s2:…`, `openalex:…`, `acl:…`). `topics` are categories and topic names as the
    source gives them ("cs.RO"), `code` addresses of repositories.
    """

    id: str
    title: str
    abstract: str
    year: int | None = None
    date: str | None = None
    venue: str | None = None
    authors: tuple[Author, ...] = ()
    arxiv_id: str | None = None
    doi: str | None = None
    url: str | None = None
    keywords: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    source_ids: tuple[str, ...] = ()
    withdrawn: bool = False

    @property
    def text(self) -> str:
        """Title, a blank line, abstract: what every offset counts in."""
        return self.title + "\n\n" + self.abstract


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing that the paper names.

    `mentions` are the distinct strings, `spans` all the places: `text[start:end]` is one of the
    mentions. `type` is an entity label of the schema.
    """

    id: str
    name: str
    type: str
    mentions: tuple[str, ...]
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What a paper states between two entities; `head` may be `PAPER`.

    `start` and `end` are those of the evidence sentence, `evidence` is its text.
    """

    head: str
    type: str
    tail: str
    role: str | None = None
    margin: str | None = None
    start: int | None = None
    end: int | None = None
    evidence: str | None = None
    confidence: float = 1.0
    extractor: str = "input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A number that a paper reports: `value` is copied as written, `system` may be `PAPER`."""

    system: str
    benchmark: str | None
    metric: str | None
    value: str
    unit: str | None = None
    setting: str | None = None
    start: int | None = None
    end: int | None = None
    evidence: str | None = None
    confidence: float = 1.0
    extractor: str = "input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is read off one paper: the unit of extraction, storage and resolution."""

    id: str
    paper: Paper
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    results: tuple[Result, ...] = ()
    abbreviations: tuple[tuple[str, str], ...] = ()
    """The paper's own (long form, short form) pairs."""


class Reason(StrEnum):
    """Why a reader rejects a record."""

    MALFORMED = "malformed"
    NO_TITLE = "no title"
    NO_ABSTRACT = "no abstract"
    BAD_FIELD = "bad field"
    BAD_ENCODING = "bad encoding"
    BAD_REFERENCE = "bad reference"
    ERROR_ENTRY = "error entry"
    DUPLICATE_ID = "duplicate id"
    NOT_ACCEPTED = "not accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that cannot be used: counted by reason, listed with `where` ("file:line")."""

    reason: Reason
    where: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node of the graph. `id` is also its `id` property; `properties` leaves it out.

    Stores keep no empty lists, which an offline import of Neo4j cannot bring.
    """

    id: str
    label: str
    properties: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A relationship of the graph, from `source` to `target`: ids of nodes, with their labels."""

    id: str
    type: str
    source: str
    source_label: str
    target: str
    target_label: str
    properties: Mapping[str, Value] = field(default_factory=dict)
