"""Why two names are one thing, or what keeps them apart; with a graph's joins or without any.

Without a corpus a pair is judged by what is known of the two names: the catalogue, the thesaurus,
and their own spelling. An acronym is then the name whose initials it has, unless the catalogue
knows better.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kg.catalogue import Catalogue
from kg.records import Paper, Record
from kg.resolve.acronyms import content_words, is_short, spells
from kg.resolve.corpus import ANCHOR, Name, Occurrence, RecordNames, collect
from kg.resolve.graph import Join
from kg.resolve.guards import conflict
from kg.resolve.knowledge import Knowledge, know
from kg.resolve.links import Links, link
from kg.schema import Kind
from kg.thesaurus import Thesaurus

__all__ = ["Explanation", "Judge", "explain", "explain_in"]

_MIN_WORDING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether two names are one; the joins that lead from one to the other, or the guard."""

    a: str
    b: str
    joined: bool
    kind: str | None = None
    chain: tuple[Join, ...] = ()
    guard: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What is known, ready to judge pairs of names."""

    knowledge: Knowledge

    def explain(self, a: str, b: str, joins: Iterable[Join] | None = None) -> Explanation:
        """Return why `a` and `b` are one thing or two; with a graph's `joins`, in that graph."""
        kinds, guard = _kinds(self.knowledge, a, b)
        guards: dict[Kind, str] = {}
        for kind in kinds:
            found = self._judge(a, b, kind) if joins is None else None
            chain = _chain(self.knowledge, kind, (a, b), joins if found is None else found[0])
            if chain is not None:
                return Explanation(a=a, b=b, joined=True, kind=kind, chain=chain)
            if found is not None and found[1] is not None:
                guards[kind] = found[1]
        reason = next(iter(guards.values()), None)
        if reason is None or "thesaurus" not in reason:
            reason = conflict(a, b) or guard or reason
        return Explanation(
            a=a, b=b, joined=False, guard=reason or "nothing that is known joins them"
        )

    def _judge(self, a: str, b: str, kind: Kind) -> tuple[list[Join], str | None]:
        """Return the joins that a corpus of the two names alone gives, and what was refused."""
        links = link((_record("a", a, kind), _record("b", b, kind)), self.knowledge)
        names = self.knowledge.name(kind, a), self.knowledge.name(kind, b)
        for reason in self._without_context(a, b, kind):
            if links.clusters.root(names[0]) != links.clusters.root(names[1]):
                links.clusters.join(*names, reason)
        return links.clusters.joins, _refusal(links, names)

    def _without_context(self, a: str, b: str, kind: Kind) -> Iterator[Join]:
        """Yield what speaks for a join where no paper says anything."""
        for short, long in ((a, b), (b, a)):
            if is_short(short) and spells(short, long) and not self._means_else(short, long, kind):
                evidence = f"the initials of {long!r} are {short!r}"
                yield Join(
                    kind=kind, left=short, right=long, rule="initials", evidence=evidence, score=0.9
                )
        words = content_words(a)
        if len(words) >= _MIN_WORDING and words == content_words(b):
            evidence = f"both say {' '.join(words)!r}"
            yield Join(kind=kind, left=a, right=b, rule="wording", evidence=evidence, score=0.9)

    def _means_else(self, short: str, long: str, kind: Kind) -> bool:
        """Tell whether the catalogue writes an acronym out as something else."""
        entries = self.knowledge.entries.get(self.knowledge.name(kind, short), ())
        written = [name for entry in entries for name in entry.names if spells(short, name)]
        return bool(written) and all(content_words(w) != content_words(long) for w in written)


def explain(a: str, b: str, catalogue: Catalogue, thesaurus: Thesaurus) -> Explanation:
    """Return why two names are one thing or two, without any corpus.

    >>> from kg.catalogue import Catalogue
    >>> explain("GPT-3", "GPT-4", Catalogue(), Thesaurus()).guard
    "numbers differ: '3' and '4'"
    """
    return Judge(knowledge=know(catalogue, thesaurus)).explain(a, b)


def explain_in(
    a: str, b: str, records: Iterable[Record], catalogue: Catalogue, thesaurus: Thesaurus
) -> Explanation:
    """Return why two names are one thing or two in a corpus.

    Where the records do not use both names, what is known of them decides.
    """
    judge = Judge(knowledge=know(catalogue, thesaurus))
    links = link(collect(records), judge.knowledge)
    shared = [
        kind
        for kind in Kind
        if all(judge.knowledge.name(kind, text) in links.surfaces for text in (a, b))
    ]
    if not shared:
        return judge.explain(a, b)
    found = judge.explain(a, b, links.clusters.joins)
    if found.joined:
        return found
    names = [judge.knowledge.name(kind, text) for kind in shared for text in (a, b)]
    senses = next((_senses(name, links) for name in names if name in links.ambiguous), None)
    refusal = _refusal(links, (names[0], names[1]))
    return replace(found, guard=senses or refusal or conflict(a, b) or "no paper joins them")


def _senses(name: Name, links: Links) -> str:
    """Return what an ambiguous acronym means, and in how many papers."""
    meant = [
        f"{_shown(root, links)} ({len(papers)} papers)"
        for root, papers in sorted(links.ambiguous[name].roots.items())
    ]
    shown = min(links.surfaces[name])
    return f"{shown!r} has several senses, told by each paper: {', '.join(meant)}"


def _shown(root: Name, links: Links) -> str:
    names = [
        text for member in links.clusters.members(root) for text in links.surfaces.get(member, ())
    ]
    return (
        min(names, key=lambda text: (-len(text), text)) if names else root[1].removeprefix(ANCHOR)
    )


def _kinds(knowledge: Knowledge, a: str, b: str) -> tuple[list[Kind], str | None]:
    """Return the kinds in which the two may be one, or why there is none."""
    known_a = [kind for kind in Kind if knowledge.name(kind, a) in knowledge.entries]
    known_b = [kind for kind in Kind if knowledge.name(kind, b) in knowledge.entries]
    if not known_a or not known_b:
        return known_a or known_b or list(Kind), None
    shared = [kind for kind in known_a if kind in known_b]
    if shared:
        return shared, None
    return [], f"the catalogue knows {a!r} as a {known_a[0]} and {b!r} as a {known_b[0]}"


def _record(record_id: str, name: str, kind: Kind) -> RecordNames:
    entity = Occurrence(kind, "", name, (), False)
    return RecordNames(record_id, Paper(id=record_id, title="", abstract=""), (entity,), ())


def _refusal(links: Links, names: tuple[Name, Name]) -> str | None:
    obstacle = links.clusters.obstacle(*names)
    return obstacle or links.clusters.refused.get((min(names), max(names)))


def _chain(
    knowledge: Knowledge, kind: Kind, pair: tuple[str, str], joins: Iterable[Join] | None
) -> tuple[Join, ...] | None:
    """Return the shortest way from one name to the other, the empty way being one spelling."""
    start, goal = (knowledge.name(kind, text) for text in pair)
    if start == goal:
        evidence = f"both have the key {start[1]!r}"
        return (Join(kind=kind, left=pair[0], right=pair[1], rule="spelling", evidence=evidence),)
    ways = _ways(knowledge, kind, joins or ())
    came: dict[Name, tuple[Name, Join]] = {}
    queue, seen = deque([start]), {start}
    while queue:
        name = queue.popleft()
        for other, reason in ways.get(name, ()):
            if other not in seen:
                seen.add(other)
                came[other] = (name, reason)
                queue.append(other)
    return _path(came, start, goal) if goal in came else None


def _ways(
    knowledge: Knowledge, kind: Kind, joins: Iterable[Join]
) -> Mapping[Name, list[tuple[Name, Join]]]:
    ways: dict[Name, list[tuple[Name, Join]]] = {}
    for reason in sorted(joins):
        if reason.kind == kind:
            left, right = (knowledge.name(kind, t) for t in (reason.left, reason.right))
            ways.setdefault(left, []).append((right, reason))
            ways.setdefault(right, []).append((left, reason))
    return ways


def _path(came: Mapping[Name, tuple[Name, Join]], start: Name, goal: Name) -> tuple[Join, ...]:
    path: list[Join] = []
    while goal != start:
        goal, reason = came[goal]
        path.append(reason)
    return tuple(reversed(path))
