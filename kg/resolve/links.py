"""The joins: which keys are names of one thing, rule after rule, the surest first.

1. the thesaurus; 2. the catalogue's aliases; 3. acronyms written out inside longer names; 4. the
abbreviations that papers declare, voted over the corpus; 5. other names that papers use for one
thing; 6. typing errors (`kg.resolve.match`). Rules 3 to 6 never pass a guard.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.resolve.acronyms import may_abbreviate, same_wording
from kg.resolve.clusters import Clusters
from kg.resolve.corpus import Name, RecordNames, name_groups
from kg.resolve.graph import Join
from kg.resolve.guards import conflict
from kg.resolve.knowledge import Knowledge, anchor, expand
from kg.resolve.match import count_words, typing_errors
from kg.resolve.normalise import join_words, name_words, without_maker
from kg.schema import Kind

__all__ = ["Links", "Senses", "Surfaces", "link", "surfaces_of"]

Surfaces = Mapping[Name, Counter[str]]
"""The spellings of each name, counted by the papers that use them."""

_DOMINANT = 0.8
_MIN_COMMON = 2
_MIN_COMMON_PART = 3
_MIN_SHARE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Senses:
    """The long forms that an ambiguous acronym has: each root with the papers that declare it."""

    roots: Mapping[Name, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The clusters of names, and the acronyms that only their paper can tell."""

    clusters: Clusters
    ambiguous: Mapping[Name, Senses]
    surfaces: Surfaces


Votes = Mapping[tuple[Name, Name], frozenset[str]]


def surfaces_of(corpus: Iterable[RecordNames], knowledge: Knowledge) -> Surfaces:
    """Return every name of the corpus with its spellings."""
    surfaces: dict[Name, Counter[str]] = {}
    for _, entity, names in name_groups(corpus):
        for text in names:
            surfaces.setdefault(knowledge.name(entity.kind, text), Counter())[text] += 1
    return surfaces


def link(corpus: tuple[RecordNames, ...], knowledge: Knowledge) -> Links:
    """Join the names of a corpus; the order of its records leaves no trace."""
    surfaces = surfaces_of(corpus, knowledge)
    shorts, others = _votes(corpus, knowledge)
    doubtful = _doubtful(knowledge, shorts)
    clusters = Clusters(_splits(knowledge))
    _join_thesaurus(clusters, knowledge)
    _join_catalogue(clusters, knowledge, surfaces, doubtful)
    _join_expansions(clusters, knowledge, surfaces)
    _join_errors(clusters, knowledge, surfaces)
    ambiguous = _join_abbreviations(clusters, knowledge, surfaces, shorts)
    _join_common(clusters, surfaces, others)
    return Links(clusters=clusters, ambiguous=ambiguous, surfaces=surfaces)


def _doubtful(knowledge: Knowledge, votes: Votes) -> frozenset[Name]:
    """Return the names that are ambiguous in the catalogue and in truth.

    Two entries claim it, or papers write it out as something that its entry is not: as anything
    else where the catalogue writes it out itself, as two things where it does not.
    """
    doubtful = {name for name, found in knowledge.entries.items() if len(found) > 1}
    strange: dict[Name, set[Name]] = {}
    for short, long in votes:
        entry = knowledge.entry(short)
        if entry is not None and short in knowledge.ambiguous and knowledge.entry(long) != entry:
            strange.setdefault(short, set()).add(long)
    doubtful.update(
        short for short, longs in strange.items() if len(longs) > 1 or knowledge.written(short)
    )
    return frozenset(doubtful)


def _splits(knowledge: Knowledge) -> Iterator[tuple[Name, Name]]:
    for rule in knowledge.thesaurus.splits:
        for kind in [Kind(rule.kind)] if rule.kind else Kind:
            first, second = rule.names
            yield knowledge.name(kind, first), knowledge.name(kind, second)


def _join_thesaurus(clusters: Clusters, knowledge: Knowledge) -> None:
    for rule in knowledge.thesaurus.merges:
        for kind in [Kind(rule.kind)] if rule.kind else Kind:
            first = rule.names[0]
            for other in rule.names[1:]:
                reason = Join(
                    kind=kind, left=other, right=first, rule="thesaurus", evidence="a merge"
                )
                a, b = knowledge.name(kind, other), knowledge.name(kind, first)
                _join_entry(clusters, knowledge, a, other)
                _join_entry(clusters, knowledge, b, first)
                clusters.join(a, b, reason, force=True)


def _join_catalogue(
    clusters: Clusters, knowledge: Knowledge, surfaces: Surfaces, doubtful: frozenset[Name]
) -> None:
    for name in sorted(surfaces):
        if name not in doubtful:
            _join_entry(clusters, knowledge, name, _shown(name, surfaces))


def _join_entry(clusters: Clusters, knowledge: Knowledge, name: Name, shown: str) -> None:
    entry = knowledge.entry(name)
    if entry is None and (bare := without_maker(shown)) != shown:
        entry = knowledge.entry(knowledge.name(name[0], bare))
    if entry is not None:
        evidence = f"a name of {entry.name!r} ({entry.type})"
        reason = Join(
            kind=name[0], left=shown, right=entry.name, rule="catalogue", evidence=evidence
        )
        clusters.join(name, anchor(name[0], entry), reason)


def _join_expansions(clusters: Clusters, knowledge: Knowledge, surfaces: Surfaces) -> None:
    """Join "offline RL" with "offline reinforcement learning", where that is a name."""
    targets: dict[Name, list[Name]] = {}
    for name in sorted(surfaces):
        full = expand(_shown(name, surfaces), name[0], knowledge.expansions)
        if full is not None and (target := (name[0], join_words(full))) != name:
            targets.setdefault(target, []).append(name)
    for target, names in sorted(targets.items()):
        if len(names) < 2 and target not in surfaces and knowledge.entry(target) is None:
            continue
        for name in names:
            shown = _shown(name, surfaces)
            text = " ".join(expand(shown, name[0], knowledge.expansions) or ())
            reason = Join(
                kind=name[0],
                left=shown,
                right=text,
                rule="written out",
                evidence=_expanded(shown, knowledge.expansions),
                score=0.95,
            )
            clusters.join(name, target, reason)
            _join_entry(clusters, knowledge, target, text)


def _expanded(shown: str, expansions: Mapping[str, tuple[str, ...]]) -> str:
    known = [word for word in name_words(shown) if word in expansions]
    return ", ".join(f"{word} = {' '.join(expansions[word])}" for word in dict.fromkeys(known))


def _join_errors(clusters: Clusters, knowledge: Knowledge, surfaces: Surfaces) -> None:
    """Join "adverserial training" with "adversarial training"."""
    words = {name: name_words(_shown(name, surfaces), name[0]) for name in sorted(surfaces)}
    counts = count_words((words[name], surfaces[name].total()) for name in words)
    errors = typing_errors(counts, knowledge.words)
    for name, own in words.items() if errors else ():
        right = tuple(errors.get(word, word) for word in own)
        target = (name[0], join_words(right))
        if right == own or (target not in surfaces and knowledge.entry(target) is None):
            continue
        text = " ".join(right)
        if conflict(" ".join(own), text) is None:
            wrong = ", ".join(f"{a} for {b}" for a, b in zip(own, right, strict=True) if a != b)
            reason = Join(
                kind=name[0],
                left=_shown(name, surfaces),
                right=text,
                rule="typing error",
                evidence=wrong,
                score=0.9,
            )
            clusters.join(name, target, reason)
            _join_entry(clusters, knowledge, target, text)


def _votes(corpus: tuple[RecordNames, ...], knowledge: Knowledge) -> tuple[Votes, Votes]:
    """Return (short, long) pairs and other pairs of names for one thing, with their papers."""
    shorts: dict[tuple[Name, Name], set[str]] = {}
    others: dict[tuple[Name, Name], set[str]] = {}
    for record, entity, names in name_groups(corpus):
        for text in names:
            for other in names:
                if text != other and may_abbreviate(text, other):
                    pair = knowledge.name(entity.kind, text), knowledge.name(entity.kind, other)
                    shorts.setdefault(pair, set()).add(record.id)
        own = knowledge.name(entity.kind, entity.name)
        for text in entity.mentions:
            name = knowledge.name(entity.kind, text)
            if name != own and not (
                may_abbreviate(text, entity.name) or may_abbreviate(entity.name, text)
            ):
                others.setdefault((name, own), set()).add(record.id)
    return _frozen(shorts), _frozen(others)


def _frozen(votes: Mapping[tuple[Name, Name], set[str]]) -> Votes:
    return {pair: frozenset(papers) for pair, papers in sorted(votes.items()) if pair[0] != pair[1]}


def _join_abbreviations(
    clusters: Clusters, knowledge: Knowledge, surfaces: Surfaces, votes: Votes
) -> Mapping[Name, Senses]:
    longs: dict[Name, list[Name]] = {}
    for short, long in votes:
        longs.setdefault(short, []).append(long)
    ambiguous: dict[Name, Senses] = {}
    for short in sorted(longs, key=lambda name: (len(name[1]), name)):
        _join_wordings(clusters, knowledge, surfaces, short, longs[short])
        roots: dict[Name, set[str]] = {}
        for long in longs[short]:
            roots.setdefault(clusters.root(long), set()).update(votes[short, long])
        if clusters.entry(short) is not None and knowledge.written(short):
            continue
        best = max(sorted(roots), key=lambda root: len(roots[root]))
        total = len(set().union(*roots.values()))
        share = len(roots[best]) / total
        entry = clusters.entry(short)
        if share < _DOMINANT or (entry is None and knowledge.senses(short)):
            if entry is not None:
                continue
            for sense in knowledge.senses(short):
                roots.setdefault(clusters.root(sense), set())
            senses = {root: frozenset(papers) for root, papers in roots.items()}
            ambiguous[short] = Senses(roots=senses)
            continue
        example = min(roots[best])
        reason = Join(
            kind=short[0],
            left=_shown(short, surfaces),
            right=_shown(min(n for n in longs[short] if clusters.root(n) == best), surfaces),
            rule="abbreviation",
            evidence=f"{len(roots[best])} of {total} papers that define it, such as {example}",
            score=round(share, 4),
        )
        clusters.join(short, best, reason)
    return ambiguous


def _join_wordings(
    clusters: Clusters, knowledge: Knowledge, surfaces: Surfaces, short: Name, longs: list[Name]
) -> None:
    """Join the long forms of one acronym that are one in other words, the catalogue's among them.

    The acronym is the block: only what shares one is compared, and a guard is never passed.
    """
    seen = knowledge.written(short)
    for long in sorted(longs):
        shown = _shown(long, surfaces)
        near = [(name, text) for name, text in seen if same_wording(shown, text)]
        seen.append((long, shown))
        for name, text in near:
            reason = Join(
                kind=long[0],
                left=shown,
                right=text,
                rule="wording",
                evidence=f"both are written {_shown(short, surfaces)!r}",
                score=0.95,
            )
            clusters.join(long, name, reason)


def _join_common(clusters: Clusters, surfaces: Surfaces, votes: Votes) -> None:
    """Join names that papers use for one thing, where most who use the rarer one agree."""
    for (name, other), papers in votes.items():
        a, b = _shown(name, surfaces), _shown(other, surfaces)
        share = len(papers) / surfaces[name].total()
        part = set(name_words(a)) < set(name_words(b)) or set(name_words(b)) < set(name_words(a))
        enough = len(papers) >= (_MIN_COMMON_PART if part else _MIN_COMMON)
        if not enough or share < _MIN_SHARE or conflict(a, b) is not None:
            continue
        evidence = f"{len(papers)} papers use both for one thing, such as {min(papers)}"
        reason = Join(
            kind=name[0], left=a, right=b, rule="same paper", evidence=evidence, score=min(share, 1)
        )
        clusters.join(name, other, reason)


def _shown(name: Name, surfaces: Surfaces) -> str:
    """Return the most frequent spelling of a name."""
    spellings = surfaces.get(name)
    if not spellings:
        return name[1]
    return min(spellings, key=lambda text: (-spellings[text], text))
