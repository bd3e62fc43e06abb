"""The labels that the model decides, in the order of its outputs."""

from kg.schema import Label, RelationType, Role

__all__ = ["PAIR_LABELS", "ROLES", "TYPES"]

TYPES = (
    Label.MODEL,
    Label.METHOD,
    Label.BENCHMARK,
    Label.DATASET,
    Label.TASK,
    Label.METRIC,
    Label.ROBOT,
)
"""Types of a mention; tags are outside, then first and inside of each."""

PAIR_LABELS: tuple[tuple[RelationType, Role | None], ...] = (
    (RelationType.USES, Role.COMPONENT),
    (RelationType.USES, Role.EVALUATION),
    (RelationType.USES, Role.TRAINING),
    (RelationType.USES, Role.PLATFORM),
    (RelationType.ADDRESSES, None),
    (RelationType.OUTPERFORMS, None),
    (RelationType.COMPARED_WITH, None),
    (RelationType.EXTENDS, None),
    (RelationType.IS_A, None),
)
"""What one entity may be to another."""

ROLES: tuple[tuple[RelationType, Role | None], ...] = (
    (RelationType.INTRODUCES, None),
    *PAIR_LABELS,
)
"""What an entity may be to the paper, or to what the paper introduces."""
