"""From the role and pair heads to relations: who is the head, and which links are sure enough."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.extract.neural.combine import Combiner, logit
from kg.extract.neural.heads import Judged, spans_of
from kg.extract.neural.labels import ROLES, TYPES
from kg.extract.neural.mentions import Scored
from kg.schema import Label, RelationType, Schema

__all__ = [
    "KINDS",
    "N_LINK_FEATURES",
    "PossibleLink",
    "allowed_ends",
    "choose",
    "introduced_entities",
    "introduction_features",
    "introduction_scores",
    "introductions",
    "link_scores",
    "possible_links",
]

KINDS = ("introduces", "paper", "introduced", "other")
"""From paper to what it introduces, from the unnamed paper, from what it introduces, the rest."""
N_LINK_FEATURES = 5
_PAPER = len(TYPES)
_LEAST = 0.02
_LATER_HEAD = -4.0
_SURE = 0.4
"""From here on what is introduced is the head, rather than the paper itself."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleLink:
    """A link that may be stated: ``head`` is an entity's index, `None` for the paper."""

    kind: int
    head: int | None
    label: int
    """Index in `ROLES`."""
    tail: int
    features: tuple[float, ...]
    place: int
    """The word where the tail's place begins that speaks most for the link."""


def allowed_ends(schema: Schema) -> Bools:
    """Table the ends that the schema allows, ``(8, 10, 7)``; the paper is the last source."""
    return np.array(
        [
            [
                [schema.allows(kind, source, target, role) for target in TYPES]
                for kind, role in ROLES
            ]
            for source in (*TYPES, Label.PAPER)
        ]
    )


def introduced_entities(
    entities: Sequence[Scored], judged: Judged, combiner: Combiner
) -> dict[int, float]:
    """Find the entities that the paper introduces, each with its probability."""
    scores = introduction_scores(entities, judged, combiner)
    return {e: p for e, p in enumerate(scores) if p >= combiner.threshold}


def introduction_scores(
    entities: Sequence[Scored], judged: Judged, combiner: Combiner
) -> list[float]:
    """Give the probability that the paper introduces an entity, for each."""
    types = np.array([e.type for e in entities])
    scores: list[float] = combiner(introduction_features(entities, judged), types).tolist()
    return scores


def introduction_features(entities: Sequence[Scored], judged: Judged) -> NDArray[np.float64]:
    """Gather what speaks for each entity being introduced, ``(n_entities, N_LINK_FEATURES)``."""
    role = judged.roles[:, 0].astype(np.float64)
    features = np.zeros((len(entities), N_LINK_FEATURES))
    features[:, 0] = logit(role)
    features[:, 1] = logit(np.array([e.score for e in entities]))
    features[:, 2] = role >= role.max()
    features[:, 3] = logit(role.max())
    return features


@dataclass(frozen=True, slots=True)
class _View:
    """One abstract's opinions as arrays, for the generators below."""

    roles: NDArray[np.float64]
    pairs: NDArray[np.float64]
    role_odds: NDArray[np.float64]
    pair_odds: NDArray[np.float64]
    sure: NDArray[np.float64]
    allowed: Bools
    """``(n_entities + 1, 10, n_entities)``; the last head is the paper."""
    introduced: Mapping[int, float]
    heads: list[int]
    """What is introduced surely enough to speak for the paper."""
    best: NDArray[np.int64]
    """``(n_entities, 10)``: the word where each role's best place begins."""
    near: NDArray[np.int64]
    """``(n_entities, n_entities)``: the word where the tail's place nearest to the head begins."""


def _view(
    entities: Sequence[Scored], judged: Judged, introduced: Mapping[int, float], ends: Bools
) -> _View:
    n = len(entities)
    types = np.array([e.type for e in entities])
    spans, owner = spans_of([e.spans for e in entities])
    best = np.zeros((n, len(ROLES)), dtype=np.int64)
    opens = np.searchsorted(owner, np.arange(n + 1))
    for e in range(n):
        rows = judged.span_roles[opens[e] : opens[e + 1]]
        best[e] = spans[opens[e] + rows.argmax(0), 0]
    allowed = ends[np.append(types, _PAPER)][:, :, types]
    allowed[np.arange(n), :, np.arange(n)] = False
    return _View(
        roles=judged.roles.astype(np.float64),
        pairs=judged.pairs.astype(np.float64),
        role_odds=logit(judged.roles),
        pair_odds=logit(judged.pairs),
        sure=logit(np.array([e.score for e in entities])),
        allowed=allowed,
        introduced=introduced,
        heads=[e for e, p in introduced.items() if p >= _SURE],
        best=best,
        near=spans[judged.places[:, :, 1], 0],
    )


def possible_links(
    entities: Sequence[Scored], judged: Judged, introduced: Mapping[int, float], ends: Bools
) -> list[PossibleLink]:
    """List every link that the schema allows and a head does not exclude, INTRODUCES apart."""
    view = _view(entities, judged, introduced, ends)
    return [*_of_contribution(view), *_of_others(view)]


def _of_contribution(view: _View) -> Iterator[PossibleLink]:
    """Find links from the paper or what it introduces, by the role heads and the pair head."""
    heads = view.heads
    strength = view.roles[:, 1:].copy()
    if heads:
        strength = np.maximum(strength, view.pairs[heads].max(0))
    for tail, index in np.argwhere(strength >= _LEAST).tolist():
        label = index + 1
        able = [h for h in heads if view.allowed[h, label, tail]]
        if able and tail not in view.introduced:
            yield from _from_introduced(view, able, label, tail)
        elif not able and view.allowed[-1, label, tail]:
            flags = float(bool(heads)) + 2.0 * (tail in view.introduced)
            features = (view.role_odds[tail, label], 0.0, view.sure[tail], 0.0, flags)
            yield _link((1, None, label, tail), features, view.best[tail, label])


def _from_introduced(
    view: _View, heads: Sequence[int], label: int, tail: int
) -> Iterator[PossibleLink]:
    ranked = sorted(heads, key=lambda h: -view.pairs[h, tail, label - 1])
    for rank, head in enumerate(ranked):
        features = (
            view.role_odds[tail, label],
            view.pair_odds[head, tail, label - 1],
            view.sure[tail],
            logit(view.introduced[head]),
            _LATER_HEAD * (rank > 0),
        )
        yield _link((2, head, label, tail), features, view.best[tail, label])


def _of_others(view: _View) -> Iterator[PossibleLink]:
    """Find links between any two, found by the pair head."""
    possible = view.allowed[:-1, 1:].transpose(0, 2, 1) & (view.pairs >= _LEAST)
    for head, tail, index in np.argwhere(possible).tolist():
        if head in view.heads and tail not in view.introduced:
            continue
        label = index + 1
        features = (
            view.pair_odds[head, tail, index],
            view.role_odds[tail, label],
            view.sure[tail],
            view.sure[head],
            float(head in view.introduced) + 2.0 * (tail in view.introduced),
        )
        yield _link((3, head, label, tail), features, view.near[head, tail])


def _link(
    ends: tuple[int, int | None, int, int],
    features: Sequence[NDArray[np.float64] | float],
    place: int,
) -> PossibleLink:
    """Make a link of (kind, head, label, tail)."""
    kind, head, label, tail = ends
    numbers = tuple(float(x) for x in features)
    return PossibleLink(
        kind=kind, head=head, label=label, tail=tail, features=numbers, place=int(place)
    )


def introductions(
    entities: Sequence[Scored], judged: Judged, introduced: Mapping[int, float]
) -> list[tuple[PossibleLink, float]]:
    """Make the links from the paper to what it introduces."""
    spans, owner = spans_of([e.spans for e in entities])
    found = []
    for tail, score in introduced.items():
        own = np.flatnonzero(owner == tail)
        best = own[int(judged.span_roles[own, 0].argmax())]
        found.append((_link((0, None, 0, tail), (), int(spans[best, 0])), score))
    return found


def choose(
    links: Sequence[PossibleLink], combiners: Mapping[str, Combiner]
) -> list[tuple[PossibleLink, float]]:
    """Keep the links that are sure enough; of two that exclude each other the surer one."""
    scored = link_scores(links, combiners)
    sure = [(link, p) for link, p in scored if p >= combiners[KINDS[link.kind]].threshold]
    kept: dict[tuple[object, ...], tuple[PossibleLink, float]] = {}
    for link, score in sorted(sure, key=lambda pair: -pair[1]):
        kept.setdefault(_exclusive(link), (link, score))
    return list(kept.values())


def link_scores(
    links: Sequence[PossibleLink], combiners: Mapping[str, Combiner]
) -> list[tuple[PossibleLink, float]]:
    """Give each link its probability, in the order of their kinds."""
    scored: list[tuple[PossibleLink, float]] = []
    for kind, name in enumerate(KINDS[1:], start=1):
        rows = [link for link in links if link.kind == kind]
        if rows:
            features = np.array([link.features for link in rows])
            scores = combiners[name](features, np.array([link.label for link in rows]))
            scored += zip(rows, scores.tolist(), strict=True)
    return scored


def _exclusive(link: PossibleLink) -> tuple[object, ...]:
    """Return what only one link may claim: who beats whom, who is a kind of whom."""
    kind, role = ROLES[link.label]
    if kind in {RelationType.OUTPERFORMS, RelationType.COMPARED_WITH}:
        return ("comparison", frozenset({link.head, link.tail}))
    if kind in {RelationType.IS_A, RelationType.EXTENDS}:
        return (kind, frozenset({link.head, link.tail}))
    return (kind, role, link.head, link.tail)
