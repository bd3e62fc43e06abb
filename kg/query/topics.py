"""What papers are about: topics with their papers, years and typical benchmarks."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.errors import InputError
from kg.query.narrowing import Narrowing
from kg.resolve.normalise import name_key
from kg.store.base import Store

__all__ = ["TopicPaper", "TopicReport", "TopicSummary", "list_topics", "report_topics"]

_N_SUGGESTED = 5
_N_TYPICAL = 5

_TOPICS = "MATCH (t:Topic) RETURN t.id, t.name"
_BROADER = "MATCH (a:Topic)-[:BROADER]->(b:Topic) RETURN DISTINCT a.id, b.id"
_ABOUT = """MATCH (p:Paper)-[r:ABOUT]->(t:Topic)
WHERE ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
RETURN t.id, p.id, p.title, p.year, r.score"""
_EVALUATED = """MATCH ()-[r:USES {role: 'evaluation'}]->(b:Entity)
WHERE r.confidence >= $min_confidence
RETURN DISTINCT r.paper, b.name"""
_INTRODUCED = """MATCH (p:Paper)-[r:INTRODUCES]->(n:Entity)
WHERE r.confidence >= $min_confidence
RETURN DISTINCT p.id, n.name"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSummary:
    """A topic with the papers about it or about what is narrower.

    `years` counts those papers by year, in order (papers without a year are left out);
    `benchmarks` are what most of them are evaluated on, with the number of papers.
    """

    id: str
    name: str
    papers: int
    direct: int
    years: tuple[tuple[int, int], ...]
    benchmarks: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPaper:
    """A paper about a topic: `score` says how surely, 1 from metadata."""

    id: str
    title: str | None
    year: int | None
    score: float
    topic: str
    introduces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReport:
    """A topic in detail; papers from the newest to the oldest."""

    summary: TopicSummary
    broader: tuple[str, ...]
    narrower: tuple[str, ...]
    papers: tuple[TopicPaper, ...]


def list_topics(store: Store, *, narrowing: Narrowing | None = None) -> list[TopicSummary]:
    """Return the topics of at least so many papers as the narrowing asks, the largest first."""
    narrowing = narrowing or Narrowing()
    topics = _Topics(store, narrowing)
    summaries = [topics.summary(topic) for topic in topics.names]
    found = [summary for summary in summaries if summary.papers >= narrowing.min_support]
    return sorted(found, key=lambda s: (-s.papers, -s.direct, s.name.casefold(), s.id))


def report_topics(
    store: Store, name: str, *, narrowing: Narrowing | None = None
) -> list[TopicReport]:
    """Return the topics of a name, in any spelling, in detail.

    Raises
    ------
    InputError
        No topic has such a name; the message gives the nearest names.
    """
    topics = _Topics(store, narrowing or Narrowing())
    key = name_key(name)
    found = [topic for topic, shown in topics.names.items() if shown == name.strip()]
    found = found or [topic for topic, shown in topics.names.items() if name_key(shown) == key]
    if not found:
        raise InputError(_unknown(name, topics.names.values()))
    return [topics.report(topic) for topic in found]


def _unknown(name: str, names: Iterable[str]) -> str:
    from rapidfuzz import fuzz, process

    near = process.extract(name, sorted(names), scorer=fuzz.WRatio, limit=_N_SUGGESTED)
    hint = ", ".join(match for match, _, _ in near)
    hint = f"the nearest topics: {hint}" if hint else "the graph holds no topics yet"
    return f"no topic {name.strip()!r} in the graph; {hint}"


class _Topics:
    """The topics of a store with the papers of the wanted years, read once."""

    def __init__(self, store: Store, narrowing: Narrowing) -> None:
        parameters = narrowing.parameters()
        years = {name: parameters[name] for name in ("year_from", "year_to")}
        self._store = store
        self._sure = {"min_confidence": parameters["min_confidence"]}
        self.names: dict[str, str] = dict(sorted(store.query(_TOPICS, {}).rows))
        self._papers: dict[str, tuple[str | None, int | None]] = {}
        self._about: dict[str, dict[str, float]] = defaultdict(dict)
        for topic, paper, title, year, score in store.query(_ABOUT, years).rows:
            self._papers[paper] = (title, year)
            self._about[topic][paper] = max(score, self._about[topic].get(paper, 0.0))
        self._above: dict[str, set[str]] = defaultdict(set)
        self._below: dict[str, set[str]] = defaultdict(set)
        for narrow, broad in store.query(_BROADER, {}).rows:
            self._above[narrow].add(broad)
            self._below[broad].add(narrow)

    @cached_property
    def _benchmarks(self) -> Mapping[str, list[str]]:
        return _grouped(self._store.query(_EVALUATED, self._sure).rows)

    @cached_property
    def _introduced(self) -> Mapping[str, list[str]]:
        return _grouped(self._store.query(_INTRODUCED, self._sure).rows)

    def summary(self, topic: str) -> TopicSummary:
        papers = self._all_papers(topic)
        years = Counter(year for paper in papers if (year := self._papers[paper][1]) is not None)
        used = Counter(name for paper in papers for name in self._benchmarks.get(paper, ()))
        typical = sorted(used.items(), key=lambda item: (-item[1], item[0]))
        return TopicSummary(
            id=topic,
            name=self.names[topic],
            papers=len(papers),
            direct=len(self._about[topic]),
            years=tuple(sorted(years.items())),
            benchmarks=tuple(typical[:_N_TYPICAL]),
        )

    def report(self, topic: str) -> TopicReport:
        papers = [
            TopicPaper(
                id=paper,
                title=self._papers[paper][0],
                year=self._papers[paper][1],
                score=score,
                topic=self.names[nearest],
                introduces=tuple(sorted(self._introduced.get(paper, ()))),
            )
            for paper, (nearest, score) in self._all_papers(topic).items()
        ]
        return TopicReport(
            summary=self.summary(topic),
            broader=self._sorted_names(self._above[topic]),
            narrower=self._sorted_names(self._below[topic]),
            papers=tuple(sorted(papers, key=lambda p: (-(p.year or 0), -p.score, p.id))),
        )

    def _all_papers(self, topic: str) -> dict[str, tuple[str, float]]:
        """Return the papers about a topic or a narrower one, each with the nearest one."""
        papers: dict[str, tuple[str, float]] = {}
        for near in self._closure(topic):
            for paper, score in self._about[near].items():
                papers.setdefault(paper, (near, score))
        return papers

    def _closure(self, topic: str) -> Iterator[str]:
        seen, front = {topic}, [topic]
        while front:
            yield from front
            below = {narrow for broad in front for narrow in self._below[broad]} - seen
            seen |= below
            front = sorted(below)

    def _sorted_names(self, topics: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(self.names[topic] for topic in topics))


def _grouped(rows: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, value in rows:
        groups[key].append(value)
    return groups
