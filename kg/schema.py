"""Labels, relationship types and allowed ends, as `schemas/graph.json` states them.

The enumerations are the one place in the code where a label is spelled; `load_schema` refuses a
data file that disagrees with them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kg.errors import KgError

__all__ = [
    "CitationKind",
    "Kind",
    "Label",
    "RelationType",
    "Relationship",
    "Role",
    "Schema",
    "label_of",
    "load_schema",
    "schema_file",
]


class Label(StrEnum):
    """A node label."""

    PAPER = "Paper"
    AUTHOR = "Author"
    MODEL = "Model"
    METHOD = "Method"
    BENCHMARK = "Benchmark"
    DATASET = "Dataset"
    TASK = "Task"
    METRIC = "Metric"
    ROBOT = "Robot"
    RESULT = "Result"
    TOPIC = "Topic"


_LABELS = frozenset(Label)


class Kind(StrEnum):
    """What a name is for the resolver: one thing may be typed differently within its kind."""

    SYSTEM = "system"
    RESOURCE = "resource"
    TASK = "task"
    METRIC = "metric"
    ROBOT = "robot"


class RelationType(StrEnum):
    """A relationship type."""

    MENTIONS = "MENTIONS"
    INTRODUCES = "INTRODUCES"
    USES = "USES"
    OUTPERFORMS = "OUTPERFORMS"
    COMPARED_WITH = "COMPARED_WITH"
    EXTENDS = "EXTENDS"
    IS_A = "IS_A"
    ADDRESSES = "ADDRESSES"
    REPORTS = "REPORTS"
    OF = "OF"
    ON = "ON"
    MEASURED_BY = "MEASURED_BY"
    CITES = "CITES"
    ABOUT = "ABOUT"
    BROADER = "BROADER"
    WROTE = "WROTE"


class Role(StrEnum):
    """What something is used as."""

    EVALUATION = "evaluation"
    TRAINING = "training"
    COMPONENT = "component"
    PLATFORM = "platform"


class CitationKind(StrEnum):
    """Where a citation was found."""

    REFERENCE = "reference"
    MENTION = "mention"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """What a relationship type may join. Empty `roles` means that it has none."""

    type: str
    stated: bool
    sources: frozenset[str]
    targets: frozenset[str]
    same_kind: bool
    roles: Mapping[str, frozenset[str]]
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The graph model.

    `properties[label]` and `Relationship.properties` map a property to its type (string, integer,
    float, boolean, strings); `kinds` maps the label of an extracted node to its kind.
    """

    entity_label: str
    properties: Mapping[str, Mapping[str, str]]
    indexed: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, Kind]
    relationships: Mapping[str, Relationship]

    def anchor(self, label: str) -> str:
        """Return the label whose unique index finds a node of `label`."""
        return self.entity_label if label in self.kinds else label

    def allows(self, relation_type: str, source: str, target: str, role: str | None = None) -> bool:
        """Tell whether a relationship may go from label `source` to label `target`."""
        rule = self.relationships.get(relation_type)
        if rule is None or source not in rule.sources or target not in rule.targets:
            return False
        if rule.roles and (role is None or target not in rule.roles.get(role, frozenset())):
            return False
        if rule.same_kind and source in self.kinds:
            return self.kinds[source] == self.kinds[target]
        return True


def label_of(labels: Iterable[str]) -> str:
    """Return the one label of a node that is the schema's own: not `Entity`, not a user's."""
    return next(label for label in labels if label in _LABELS)


def schema_file(name: str) -> Traversable:
    """Return a file of `schemas/`: from the installed package, or from the checkout beside it."""
    packaged = files("kg") / "schemas"
    if packaged.is_dir():
        return packaged / name
    return Path(__file__).resolve().parent.parent / "schemas" / name


@cache
def load_schema() -> Schema:
    """Read `schemas/graph.json`.

    Raises
    ------
    KgError
        The file names other labels or relationship types than this module.
    """
    data = json.loads(schema_file("graph.json").read_text(encoding="utf-8"))
    _check_names(set(data["labels"]), {str(x) for x in Label}, "labels")
    _check_names(set(data["relationships"]), {str(x) for x in RelationType}, "relationships")
    kinds = {name: Kind(spec["kind"]) for name, spec in data["labels"].items() if "kind" in spec}
    evidence = data["evidence"]
    return Schema(
        entity_label=data["entity_label"],
        properties={name: spec["properties"] for name, spec in data["labels"].items()},
        indexed={name: tuple(spec["index"]) for name, spec in data["labels"].items()},
        kinds=kinds,
        relationships={
            name: _relationship(name, spec, frozenset(kinds), data["entity_label"], evidence)
            for name, spec in data["relationships"].items()
        },
    )


def _relationship(
    name: str, spec: dict, entities: frozenset[str], entity_label: str, evidence: dict[str, str]
) -> Relationship:
    def expand(labels: list[str]) -> frozenset[str]:
        return entities if labels == [entity_label] else frozenset(labels)

    return Relationship(
        type=name,
        stated=spec["stated"],
        sources=expand(spec["from"]),
        targets=expand(spec["to"]),
        same_kind=spec.get("same_kind", False),
        roles={role: frozenset(labels) for role, labels in spec.get("roles", {}).items()},
        properties=spec["properties"] | (evidence if spec["stated"] else {}),
    )


def _check_names(found: set[str], expected: set[str], what: str) -> None:
    if found != expected:
        message = f"schemas/graph.json: {what} differ from kg.schema: {sorted(found ^ expected)}"
        raise KgError(message)
