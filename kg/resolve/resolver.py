"""The whole of resolution: records, catalogue and thesaurus in, graph out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from kg.catalogue import Catalogue
from kg.records import PAPER, Edge, Node, Record
from kg.resolve.corpus import collect
from kg.resolve.derived import derive
from kg.resolve.entities import EntityIndex, build_entities
from kg.resolve.facts import Ends, Facts, state_facts
from kg.resolve.graph import Graph
from kg.resolve.knowledge import know
from kg.resolve.links import link
from kg.resolve.papers import PaperGroup, PaperIndex, group_papers, paper_node
from kg.resolve.people import write_authors
from kg.resolve.results import state_results
from kg.schema import Label
from kg.thesaurus import Thesaurus

__all__ = ["RESOLVER_VERSION", "resolve"]

RESOLVER_VERSION = "2"
"""Changes with every change of the rules, so that a store is resolved anew."""


def resolve(
    records: Callable[[], Iterable[Record]], catalogue: Catalogue, thesaurus: Thesaurus
) -> Graph:
    """Return the graph of all records.

    `records` is called twice and must give the same records, in any order: the first pass keeps
    their names, the second turns what they state into edges.
    """
    knowledge = know(catalogue, thesaurus)
    corpus = collect(records())
    papers = group_papers(corpus)
    telling = tuple(names for names in corpus if not _group(papers, names.id).paper.withdrawn)
    links = link(telling, knowledge)
    entities = build_entities(telling, links, knowledge)
    nodes: dict[str, Node] = dict(entities.nodes)
    edges: dict[str, Edge] = {}
    dropped: Counter[str] = Counter()
    for group, members in _by_paper(records(), papers):
        facts, results = _state(group, members, entities)
        edges.update(facts.edges)
        nodes.update(results)
        dropped.update(facts.dropped)
        nodes[group.id] = paper_node(group, members[0].paper.abstract)
    derived = derive(papers, entities, knowledge, edges.values())
    for edge_id in derived.surplus:
        del edges[edge_id]
    dropped.update(derived.dropped)
    authors, wrote = write_authors(papers.groups.values())
    nodes.update({node.id: node for node in (*derived.nodes, *authors)})
    edges.update({edge.id: edge for edge in (*derived.edges, *wrote)})
    return Graph(
        nodes=tuple(nodes[key] for key in sorted(nodes)),
        edges=tuple(edges[key] for key in sorted(edges)),
        joins=tuple(sorted(set(links.clusters.joins))),
        dropped=dict(sorted(dropped.items())),
    )


def _group(papers: PaperIndex, record_id: str) -> PaperGroup:
    return papers.groups[papers.by_record[record_id]]


def _by_paper(
    records: Iterable[Record], papers: PaperIndex
) -> Iterator[tuple[PaperGroup, list[Record]]]:
    """Yield each paper with its records, the fullest first; what is waited for is kept."""
    waiting: dict[str, dict[str, Record]] = {}
    for record in records:
        group = _group(papers, record.id)
        found = waiting.setdefault(group.id, {})
        found[record.id] = record
        if len(found) == len(group.records):
            yield group, [found[key] for key in group.records]
            del waiting[group.id]


def _state(
    group: PaperGroup, records: list[Record], entities: EntityIndex
) -> tuple[Facts, dict[str, Node]]:
    facts = Facts()
    results: dict[str, Node] = {}
    if group.paper.withdrawn:
        return facts, results
    text = records[0].paper.text
    for record in records:
        ends = {PAPER: (group.id, str(Label.PAPER))}
        for entity, node_id in zip(record.entities, entities.ids[record.id], strict=True):
            if node_id is not None:
                ends[entity.id] = (node_id, entities.nodes[node_id].label)
        found = Facts()
        state_facts(record, Ends(nodes=ends, paper=group.id), found)
        results |= state_results(record, Ends(nodes=ends, paper=group.id), found)
        for edge in found.edges.values():
            facts.add(edge if record.paper.text == text else _moved(edge, text))
        facts.dropped.update(found.dropped)
    return facts, results


def _moved(edge: Edge, text: str) -> Edge:
    """Return an edge of another version of the paper, its sentence looked up in `text`."""
    sentence = edge.properties.get("sentence")
    start = text.find(sentence) if isinstance(sentence, str) else -1
    properties = {k: v for k, v in edge.properties.items() if k not in ("start", "end")}
    if start >= 0 and isinstance(sentence, str):
        properties |= {"start": start, "end": start + len(sentence)}
    return Edge(
        id=edge.id,
        type=edge.type,
        source=edge.source,
        source_label=edge.source_label,
        target=edge.target,
        target_label=edge.target_label,
        properties=properties,
    )
