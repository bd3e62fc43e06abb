"""Which records are one paper, what that paper's node says, and which paper a cited id means."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from kg.identity import (
    arxiv_id_of_doi,
    identity_keys,
    is_preprint_doi,
    normalise_arxiv_id,
    normalise_doi,
    normalise_id,
    paper_id,
    same_paper,
    title_key,
)
from kg.records import Node, Paper, Reference, Value
from kg.resolve.corpus import RecordNames
from kg.schema import Label

__all__ = ["PaperGroup", "PaperIndex", "group_papers", "paper_node", "stub_node"]

_MAX_YEARS_APART = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperGroup:
    """The records of one paper, the fullest first, and their metadata put together."""

    id: str
    records: tuple[str, ...]
    paper: Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperIndex:
    """All papers of the corpus, by id, by record, and by every id and title that names one."""

    groups: Mapping[str, PaperGroup]
    by_record: Mapping[str, str]
    by_key: Mapping[str, str]
    by_title: Mapping[str, tuple[str, ...]]

    def find(self, reference: Reference) -> str | None:
        """Return the paper of the corpus that a reference means, or None."""
        found = self.by_key.get(normalise_id(reference.id))
        if found is not None or not reference.title:
            return found
        cited = cited_paper(reference)
        for candidate in self.by_title.get(title_key(cited) or "", ()):
            if same_paper(cited, self.groups[candidate].paper) is not None:
                return candidate
        return None


def cited_paper(reference: Reference) -> Paper:
    """Return what a reference tells of a paper."""
    arxiv_id = normalise_arxiv_id(reference.id)
    doi = None if arxiv_id is not None else normalise_doi(reference.id)
    key = normalise_id(reference.id)
    return Paper(
        id=key,
        title=reference.title or "",
        abstract="",
        arxiv_id=arxiv_id,
        doi=doi,
        source_ids=() if arxiv_id or doi else (key,),
    )


def group_papers(corpus: Iterable[RecordNames]) -> PaperIndex:
    """Put the records of one paper together; their order leaves no trace."""
    members = [
        tuple(sorted(group, key=_fullest_first)) for group in _clusters({r.id: r for r in corpus})
    ]
    groups: dict[str, PaperGroup] = {}
    by_key: dict[str, str] = {}
    by_title: dict[str, list[str]] = {}
    for records in sorted(members, key=lambda group: group[0].id):
        paper = _merge(tuple(record.paper for record in records))
        group = PaperGroup(
            id=paper_id(paper), records=tuple(record.id for record in records), paper=paper
        )
        groups[group.id] = group
        for record in records:
            by_key.setdefault(normalise_id(record.id), group.id)
            by_key.setdefault(normalise_id(record.paper.id), group.id)
    for group in groups.values():
        for key in _keys(group.paper):
            by_key[key] = group.id
        by_title.setdefault(title_key(group.paper) or "", []).append(group.id)
    return PaperIndex(
        groups=dict(sorted(groups.items())),
        by_record={record: group.id for group in groups.values() for record in group.records},
        by_key=by_key,
        by_title={title: tuple(sorted(ids)) for title, ids in by_title.items()},
    )


def _keys(paper: Paper) -> Iterator[str]:
    yield normalise_id(paper.id)
    yield from (normalise_id(value) for value in paper.source_ids)
    if paper.doi is not None:
        yield normalise_id(paper.doi)
    if paper.arxiv_id is not None:
        yield normalise_id(paper.arxiv_id)


def _clusters(records: Mapping[str, RecordNames]) -> list[list[RecordNames]]:
    groups: dict[str, list[RecordNames]] = {key: [record] for key, record in records.items()}

    def join(a: RecordNames, b: RecordNames) -> None:
        first, second = groups[a.id], groups[b.id]
        if first is not second:
            first.extend(second)
            for record in second:
                groups[record.id] = first

    ordered = [records[key] for key in sorted(records)]
    for block in _blocks(ordered, by_title=False):
        for record in block[1:]:
            join(block[0], record)
    for block in _blocks(ordered, by_title=True):
        for index, record in enumerate(block):
            for other in block[:index]:
                if same_paper(record.paper, other.paper) is not None and _fit(
                    groups[record.id], groups[other.id]
                ):
                    join(other, record)
    return list({id(group): group for group in groups.values()}.values())


def _blocks(records: list[RecordNames], *, by_title: bool) -> Iterator[list[RecordNames]]:
    blocks: dict[str, list[RecordNames]] = {}
    for record in records:
        title = title_key(record.paper)
        own = (f"id:{paper_id(record.paper)}", *identity_keys(record.paper))
        for key in ((title,) if title is not None else ()) if by_title else own:
            blocks.setdefault(key, []).append(record)
    yield from (blocks[key] for key in sorted(blocks) if len(blocks[key]) > 1)


def _fit(one: list[RecordNames], other: list[RecordNames]) -> bool:
    """Tell whether two groups of one title may be one: no chain of years, no second DOI."""
    papers = [record.paper for record in (*one, *other)]
    years = [paper.year for paper in papers if paper.year is not None]
    dois = {normalise_doi(paper.doi) for paper in papers if paper.doi is not None}
    published = {doi for doi in dois if doi is not None and not is_preprint_doi(doi)}
    return len(published) < 2 and (not years or max(years) - min(years) <= _MAX_YEARS_APART)


def _fullest_first(record: RecordNames) -> tuple[int, int, str]:
    paper = record.paper
    known = (paper.arxiv_id, paper.doi, paper.year, paper.date, paper.venue, paper.url)
    lists = (paper.authors, paper.keywords, paper.topics, paper.references)
    filled = sum(value is not None for value in known) + sum(bool(value) for value in lists)
    return -filled, -len(record.entities), record.id


def _merge(papers: tuple[Paper, ...]) -> Paper:
    """Return one paper: each property from the first record that has it, lists of ids united."""
    first = papers[0]
    dois = [paper.doi for paper in papers if paper.doi is not None]
    published = [doi for doi in dois if not is_preprint_doi(doi)]
    return replace(
        first,
        year=_first(paper.year for paper in papers),
        date=_first(paper.date for paper in papers),
        venue=_first(paper.venue for paper in papers),
        arxiv_id=_first(_arxiv_id(paper) for paper in papers),
        doi=_first([*published, *dois]),
        url=_first(paper.url for paper in papers),
        authors=next((paper.authors for paper in papers if paper.authors), ()),
        keywords=_union(paper.keywords for paper in papers),
        topics=_union(paper.topics for paper in papers),
        code=_union(paper.code for paper in papers),
        references=_references(papers),
        source_ids=tuple(sorted({value for paper in papers for value in paper.source_ids})),
        withdrawn=any(paper.withdrawn for paper in papers),
    )


def _arxiv_id(paper: Paper) -> str | None:
    if paper.arxiv_id is not None:
        return normalise_arxiv_id(paper.arxiv_id)
    return arxiv_id_of_doi(paper.doi) if paper.doi is not None else None


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for values in lists for value in values))


def _references(papers: tuple[Paper, ...]) -> tuple[Reference, ...]:
    found: dict[str, Reference] = {}
    for paper in papers:
        for reference in paper.references:
            known = found.get(normalise_id(reference.id))
            if known is None or (known.title is None and reference.title is not None):
                found[normalise_id(reference.id)] = reference
    return tuple(found.values())


def paper_node(group: PaperGroup, abstract: str) -> Node:
    """Return the node of a paper; unknown properties are left out."""
    paper = group.paper
    properties: dict[str, Value | None] = {
        "title": paper.title,
        "abstract": abstract,
        "year": paper.year,
        "date": paper.date,
        "venue": paper.venue,
        "arxiv_id": paper.arxiv_id,
        "doi": normalise_doi(paper.doi) or paper.doi if paper.doi is not None else None,
        "url": paper.url,
        "keywords": paper.keywords or None,
        "code": paper.code or None,
        "withdrawn": True if paper.withdrawn else None,
        "stub": False,
    }
    return Node(
        id=group.id,
        label=Label.PAPER,
        properties={name: value for name, value in properties.items() if value is not None},
    )


def stub_node(cited: Paper) -> Node:
    """Return the node of a paper that is only cited."""
    properties: dict[str, Value | None] = {
        "title": cited.title or None,
        "arxiv_id": cited.arxiv_id,
        "doi": cited.doi,
        "stub": True,
    }
    return Node(
        id=paper_id(cited),
        label=Label.PAPER,
        properties={name: value for name, value in properties.items() if value is not None},
    )
