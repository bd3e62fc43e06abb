"""Topics: what papers are about, from metadata and from the tasks and families that they name.

A topic is its normalised name, so a keyword and a task of one name are one topic. `schemas/
topics.json` names the arXiv categories and what is broader than each.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from kg.records import Edge, Node, Paper
from kg.resolve.graph import edge_id
from kg.resolve.normalise import name_key, slug
from kg.resolve.papers import PaperGroup
from kg.schema import Label, RelationType, schema_file
from kg.text import collapse_spaces

__all__ = ["TopicFact", "Topics", "gather_topics"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TopicFact:
    """A paper is about something that a node stands for, with a score in (0, 1]."""

    paper: str
    name: str
    score: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """The nodes and the edges ABOUT and BROADER."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def gather_topics(
    groups: Iterable[PaperGroup],
    facts: Iterable[TopicFact],
    broader: Iterable[tuple[str, str, str]],
) -> Topics:
    """Return the topics of all papers.

    `facts` are what the papers' entities say, `broader` triples of narrower name, broader name and
    source; a pair counts where both names are topics.
    """
    found = sorted({*_metadata_facts(groups), *facts}, key=lambda f: (-f.score, f.source, f))
    names: dict[str, Counter[str]] = {}
    about: dict[tuple[str, str], TopicFact] = {}
    for fact in found:
        key = name_key(fact.name)
        names.setdefault(key, Counter())[fact.name] += 1
        about.setdefault((fact.paper, key), fact)
    pairs = _broader_pairs(names, broader)
    ids = _ids(names)
    edges = [_about(fact, ids[key]) for (_, key), fact in sorted(about.items())]
    edges += [_broader(ids[a], ids[b], source) for (a, b), source in sorted(pairs.items())]
    nodes = [
        Node(id=ids[key], label=Label.TOPIC, properties={"name": _best(spellings)})
        for key, spellings in sorted(names.items())
    ]
    return Topics(nodes=tuple(nodes), edges=tuple(edges))


def _metadata_facts(groups: Iterable[PaperGroup]) -> Iterable[TopicFact]:
    for group in groups:
        for name, source in _topics_of(group.paper):
            yield TopicFact(paper=group.id, name=name, score=1.0, source=source)


def _topics_of(paper: Paper) -> Iterable[tuple[str, str]]:
    categories = _categories()
    for topic in paper.topics:
        text = collapse_spaces(topic)
        if text in categories:
            yield categories[text]["name"], "arxiv"
        elif text:
            yield text, "metadata"
    for keyword in paper.keywords:
        if text := collapse_spaces(keyword):
            yield text, "keyword"


@cache
def _categories() -> Mapping[str, Mapping[str, str]]:
    data: Mapping[str, Mapping[str, str]] = json.loads(
        schema_file("topics.json").read_text(encoding="utf-8")
    )
    return data


def _broader_pairs(
    names: dict[str, Counter[str]], broader: Iterable[tuple[str, str, str]]
) -> dict[tuple[str, str], str]:
    """Return (narrower key, broader key); an archive of arXiv is added where a category is used."""
    pairs: dict[tuple[str, str], str] = {}
    categories = _categories()
    used = {name for spellings in list(names.values()) for name in spellings}
    for entry in categories.values():
        while entry["name"] in used and "broader" in entry:
            parent = categories[entry["broader"]]
            key, above = name_key(entry["name"]), name_key(parent["name"])
            names.setdefault(above, Counter({parent["name"]: 1}))
            if key != above and (above, key) not in pairs:
                pairs[key, above] = "arxiv"
            used.add(parent["name"])
            entry = parent
    for narrow, broad, source in sorted(broader):
        key, above = name_key(narrow), name_key(broad)
        if key in names and above in names and key != above and (above, key) not in pairs:
            pairs.setdefault((key, above), source)
    return pairs


def _ids(names: Mapping[str, Counter[str]]) -> dict[str, str]:
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for key, spellings in sorted(names.items()):
        topic_id = "topic:" + (slug(_best(spellings)) or key)
        ids[key] = topic_id if topic_id not in taken else f"{topic_id}:{slug(key) or key}"
        taken.add(ids[key])
    return ids


def _best(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda name: (-spellings[name], name))


def _about(fact: TopicFact, topic: str) -> Edge:
    return Edge(
        id=edge_id(RelationType.ABOUT, fact.paper, topic, fact.source),
        type=RelationType.ABOUT,
        source=fact.paper,
        source_label=Label.PAPER,
        target=topic,
        target_label=Label.TOPIC,
        properties={"score": round(fact.score, 4), "source": fact.source},
    )


def _broader(narrow: str, broad: str, source: str) -> Edge:
    return Edge(
        id=edge_id(RelationType.BROADER, narrow, broad, source),
        type=RelationType.BROADER,
        source=narrow,
        source_label=Label.TOPIC,
        target=broad,
        target_label=Label.TOPIC,
        properties={"source": source},
    )
