"""The user's own word on names: a YAML file of what to merge and what to keep apart.

    merge:
      - [CoT, chain-of-thought]
      - {names: [Panda, Franka Emika Panda], kind: robot}
    split:
      - [ALOHA, Mobile ALOHA]

It holds names, not ids, so it outlives the graph; what it says always wins.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from kg.errors import InputError
from kg.schema import Kind
from kg.text import collapse_spaces, strip_controls

__all__ = [
    "Thesaurus",
    "ThesaurusRule",
    "add_merge",
    "add_split",
    "load_thesaurus",
    "parse_thesaurus",
    "render_thesaurus",
]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ThesaurusRule:
    """Names that are one thing, or two names that are not; without `kind`, of every kind."""

    names: tuple[str, ...]
    kind: str = ""

    def __post_init__(self) -> None:
        """Take white space and control characters out of the names, as readers do."""
        names = tuple(collapse_spaces(strip_controls(name)) for name in self.names)
        object.__setattr__(self, "names", names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thesaurus:
    """All rules, each list sorted: the order in the file leaves no trace."""

    merges: tuple[ThesaurusRule, ...] = ()
    splits: tuple[ThesaurusRule, ...] = ()

    def __post_init__(self) -> None:
        """Sort the rules and drop doubles."""
        object.__setattr__(self, "merges", tuple(sorted(set(self.merges))))
        object.__setattr__(self, "splits", tuple(sorted(set(self.splits))))


def load_thesaurus(path: Path | None) -> Thesaurus:
    """Read a thesaurus file; none at all is an empty thesaurus.

    Raises
    ------
    InputError
        The file cannot be read, or holds something else; the message says where.
    """
    if path is None:
        return Thesaurus()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise _error(str(path), f"cannot be read ({err})") from err
    return parse_thesaurus(text, str(path))


def parse_thesaurus(text: str, where: str = "thesaurus") -> Thesaurus:
    """Read a thesaurus from YAML text; `where` names it in messages.

    >>> parse_thesaurus("merge: [[CoT, chain-of-thought]]", "t.yaml").merges[0].names
    ('CoT', 'chain-of-thought')
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        place = f"{where}:{mark.line + 1}" if mark is not None else where
        raise _error(place, f"not YAML ({getattr(err, 'problem', err)})") from err
    if root is None:
        return Thesaurus()
    if not isinstance(root, yaml.MappingNode):
        raise _error(f"{where}:1", "the top is no mapping")
    lists: dict[str, list[ThesaurusRule]] = {"merge": [], "split": []}
    for key, value in root.value:
        place = _place(where, key)
        if key.value not in lists:
            raise _error(place, f"unknown key {key.value!r}")
        if not isinstance(value, yaml.SequenceNode):
            if isinstance(value, yaml.ScalarNode) and value.value in {"", "null", "~"}:
                continue
            raise _error(place, f"{key.value!r} holds no list")
        lists[key.value].extend(_rule(item, key.value, where) for item in value.value)
    return Thesaurus(merges=tuple(lists["merge"]), splits=tuple(lists["split"]))


def _rule(node: yaml.Node, section: str, where: str) -> ThesaurusRule:
    place = _place(where, node)
    kind = ""
    if isinstance(node, yaml.MappingNode):
        parts = {key.value: value for key, value in node.value}
        if set(parts) - {"names", "kind"} or "names" not in parts:
            raise _error(place, f"{section}: an entry has the keys 'names' and perhaps 'kind'")
        kind = _kind(parts.get("kind"), place)
        node = parts["names"]
    if not isinstance(node, yaml.SequenceNode):
        raise _error(place, f"{section}: an entry is no list of names")
    if not all(isinstance(item, yaml.ScalarNode) and item.value.strip() for item in node.value):
        raise _error(place, f"{section}: a name must be a text that is not empty")
    names = tuple(dict.fromkeys(item.value.strip() for item in node.value))
    if len(names) < 2:
        raise _error(place, f"{section}: an entry needs two different names, not {len(names)}")
    if section == "split" and len(names) > 2:
        raise _error(place, f"split: an entry keeps two names apart, not {len(names)}")
    return ThesaurusRule(names=names, kind=kind)


def _kind(node: yaml.Node | None, place: str) -> str:
    if node is None:
        return ""
    kinds = [str(kind) for kind in Kind]
    if node.value not in kinds:
        raise _error(place, f"kind is {node.value!r}, not one of {', '.join(kinds)}")
    return str(node.value)


def add_merge(thesaurus: Thesaurus, names: Iterable[str], kind: str = "") -> Thesaurus:
    """Return the thesaurus with `names` merged; splits of any two of them are taken back."""
    rule = ThesaurusRule(names=tuple(dict.fromkeys(names)), kind=kind)
    splits = tuple(
        other
        for other in thesaurus.splits
        if other.kind != rule.kind or not set(other.names) <= set(rule.names)
    )
    return Thesaurus(merges=(*thesaurus.merges, rule), splits=splits)


def add_split(thesaurus: Thesaurus, a: str, b: str, kind: str = "") -> Thesaurus:
    """Return the thesaurus with two names kept apart; a merge that held both loses `b`."""
    merges = []
    for rule in thesaurus.merges:
        names = rule.names
        if {a, b} <= set(names) and rule.kind == kind:
            names = tuple(name for name in names if name != b)
        if len(names) > 1:
            merges.append(replace(rule, names=names))
    split = ThesaurusRule(names=tuple(sorted((a, b))), kind=kind)
    return Thesaurus(merges=tuple(merges), splits=(*thesaurus.splits, split))


def render_thesaurus(thesaurus: Thesaurus) -> str:
    """Return the YAML text of a thesaurus; an empty one is an empty text."""
    sections = {"merge": thesaurus.merges, "split": thesaurus.splits}
    data = {name: [_plain(rule) for rule in rules] for name, rules in sections.items() if rules}
    if not data:
        return ""
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_flow_style=None))


def _plain(rule: ThesaurusRule) -> object:
    names = list(rule.names)
    return {"names": names, "kind": rule.kind} if rule.kind else names


def _place(where: str, node: yaml.Node) -> str:
    return f"{where}:{node.start_mark.line + 1}"


def _error(where: str, what: str) -> InputError:
    return InputError(
        f"{where}: {what}; write 'merge:' and 'split:' with lists of names, such as '- [A, B]'"
    )
