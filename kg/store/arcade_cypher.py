"""Cypher as ArcadeDB needs it: what it would answer wrongly is reworded, or refused.

ArcadeDB keeps a relationship's variable only where an expression uses it, and does not count the
property maps of patterns among those: `MATCH ()-[r:USES]->() MATCH (p:Paper {id: r.paper})` would
find nothing. A condition that always holds, in the relationship's own brackets, keeps it.

It does not see an aggregate below IN, NOT, AND, OR, XOR, IS NULL, CONTAINS and the like:
`RETURN m.name, 'BBH' IN collect(b.name)` would return a row for each benchmark, with null.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import QueryError

__all__ = ["adapted", "check_aggregates", "keep_relationships"]

_WORD = r"[^\W\d]\w*"
_QUOTED = r"""'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | `[^`]*`"""
_COMMENT = r"//[^\n]* | /\*.*?\*/"
_FLAGS = re.IGNORECASE | re.DOTALL | re.VERBOSE
_TOKEN = re.compile(rf"(?:{_COMMENT}) | (?P<token>{_QUOTED} | \w+ | =~ | [^\s\w])", _FLAGS)
_REWORDED = re.compile(
    rf"(?:{_QUOTED} | {_COMMENT}) | (?P<clause>\b(?:MATCH|CREATE|MERGE|RETURN)\b)"
    rf" | -\[\s*(?P<variable>{_WORD})\s*(?P<types>:[^][{{}}*'\"`]*?)?(?:\{{[^{{}}]*\}})?\s*\]",
    _FLAGS,
)
_PATTERN_MAP = re.compile(rf"[(\[]\s*(?:{_WORD})?\s*(?::[^()\[\]{{}}]*)?\{{([^{{}}]*)\}}")

_AGGREGATE = re.compile(r"avg|collect|count|max|min|percentile(?:cont|disc)|stdevp?|sum", re.I)
_OPERATOR = re.compile("AND|CONTAINS|ENDS|IN|IS|NOT|OR|STARTS|XOR|=~")
_PROJECTION = re.compile("RETURN|WITH")
_CLAUSE = re.compile(
    "CALL|CREATE|DELETE|LIMIT|MATCH|MERGE|OPTIONAL|ORDER|REMOVE|SET|SKIP|UNION|UNWIND|WHERE"
)
_SEPARATOR = re.compile(r",|\||CASE|WHEN|THEN|ELSE|END|WHERE")
_SUBQUERIES = frozenset(("CALL", "COLLECT", "COUNT", "EXISTS", ")"))
_QUANTIFIERS = frozenset(("ALL", "ANY", "NONE", "REDUCE", "SINGLE"))


def adapted(cypher: str) -> str:
    """Return a query as ArcadeDB answers it rightly.

    Raises
    ------
    QueryError
        It would answer wrongly; the message says what to write instead.
    """
    check_aggregates(cypher)
    return keep_relationships(cypher)


def keep_relationships(cypher: str) -> str:
    """Return the query with its relationships bound wherever a pattern's map uses them.

    >>> keep_relationships("MATCH ()-[r:USES]->(b) MATCH (p:Paper {id: r.paper}) RETURN p")
    'MATCH ()-[r:USES WHERE r IS NOT NULL]->(b) MATCH (p:Paper {id: r.paper}) RETURN p'
    """
    used = " ".join(_PATTERN_MAP.findall(re.sub(_QUOTED, "''", cypher, flags=_FLAGS)))
    if "." not in used and "(" not in used:
        return cypher
    words = set(re.findall(_WORD, re.sub(rf"\b{_WORD}\s*:", "", used)))
    clause = ""

    def reworded(found: re.Match[str]) -> str:
        nonlocal clause
        if found["clause"]:
            clause = found["clause"].upper()
        name = found["variable"]
        if name not in words or clause != "MATCH" or "WHERE" in (found["types"] or "").upper():
            return found[0]
        return f"{found[0][:-1].rstrip()} WHERE {name} IS NOT NULL]"

    return _REWORDED.sub(reworded, cypher)


@dataclass(slots=True)
class _Bracket:
    """An open bracket, or the query itself: what its running expression holds so far.

    `declares` says that its next IN belongs to a variable, as in `[x IN list | x.name]`.
    """

    query: bool
    projecting: bool
    declares: bool = False
    operator: str = ""
    aggregate: bool = False

    def start_expression(self) -> None:
        self.operator, self.aggregate = "", False


def check_aggregates(cypher: str) -> None:
    """Refuse a projection that puts an aggregate below an operator on truth values.

    Raises
    ------
    QueryError
        There is one; the message says what to write instead.
    """
    open_brackets = [_Bracket(query=True, projecting=False)]
    for before, token, after in _neighbours(cypher):
        here = open_brackets[-1]
        word = token.upper()
        if before in {".", "$", "AS"}:
            continue
        if token in "([{":
            query = token == "{" and before in _SUBQUERIES
            declares = token == "[" or before in _QUANTIFIERS
            open_brackets.append(_Bracket(query, here.projecting and not query, declares))
        elif token in ")]}":
            if len(open_brackets) > 1:
                inner = open_brackets.pop()
                here = open_brackets[-1]
                here.aggregate |= inner.aggregate and not inner.query
        elif here.query and _PROJECTION.fullmatch(word) and before not in {"STARTS", "ENDS"}:
            here.projecting = True
            here.start_expression()
        elif here.query and _CLAUSE.fullmatch(word):
            here.projecting = False
        elif _SEPARATOR.fullmatch(word):
            here.start_expression()
        else:
            _note(here, before, token, after)
        if here.projecting and here.operator and here.aggregate:
            raise QueryError(
                f"the embedded store cannot compute an aggregate below {here.operator}; "
                "name the aggregate first: WITH ..., count(x) AS n RETURN ... n"
            )


def _note(bracket: _Bracket, before: str, token: str, after: str) -> None:
    """Note an operator, or the name of an aggregate, in a bracket's running expression."""
    word = token.upper()
    if word in {"STARTS", "ENDS"} and after.upper() != "WITH":
        return
    if word == "IN" and bracket.declares and before.isidentifier():
        bracket.declares = False
    elif _AGGREGATE.fullmatch(token) and after == "(":
        bracket.aggregate = True
    elif _OPERATOR.fullmatch(word):
        bracket.operator = word


def _neighbours(cypher: str) -> Iterator[tuple[str, str, str]]:
    """Yield each token between the one before it, in capitals, and the one after it."""
    tokens = [found["token"] for found in _TOKEN.finditer(cypher) if found["token"]]
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        yield before.upper(), token, after
