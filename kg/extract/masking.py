"""A sentence as a short line of tokens, with the entities and the paper's "we" masked."""

import re
from collections.abc import Sequence

from kg.extract.clauses import Clause, Token
from kg.extract.state import Span
from kg.records import Entity
from kg.schema import Label

__all__ = ["LETTERS", "read_clause", "read_clauses"]

LETTERS = {
    Label.MODEL: "M",
    Label.METHOD: "H",
    Label.BENCHMARK: "B",
    Label.DATASET: "D",
    Label.TASK: "T",
    Label.METRIC: "S",
    Label.ROBOT: "R",
}
_SYSTEM_NOUN = (
    r"(?:method|model|approach|framework|system|policy|agent|algorithm|architecture|network"
    r"|pipeline"
    r"|strategy|technique|planner|controller|work|paper|study|article|solution|formulation"
    r"|module)s?"
)
_PAPER = re.compile(
    rf"\b(?:(?:our|the proposed|the presented|the resulting|this) "
    rf"(?:[a-z-]+ ){{0,3}}?{_SYSTEM_NOUN}"
    r"|we|us|ours|the authors|the proposed (?=e\d)|our (?=e\d))\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W\d_](?:[\w'’-]*\w)?|[,;:()—–]|\S")
_REPORTED = re.compile(r"\d+(?:\.\d+)?%|\d+\.\d+|%")


def read_clause(
    text: str, span: Span, places: Sequence[tuple[int, int, int]], entities: Sequence[Entity]
) -> Clause:
    """Return the sentence at `span`; `places` are (start, end, index of entity) inside it."""
    tokens: list[Token] = []
    at = span[0]
    for start, end, entity in places:
        tokens += _words(text, at, start)
        mask = f"e{entity}{LETTERS[Label(entities[entity].type)]}"
        tokens.append(Token(start, end, mask, entity))
        at = end
    tokens += _words(text, at, span[1])
    return Clause(span, _merge_paper(_drop_asides(tokens)))


def _words(text: str, start: int, end: int) -> list[Token]:
    return [
        Token(m.start(), m.end(), m.group().lower().replace("’", "'"))
        for m in _TOKEN.finditer(text, start, end)
        if m.group() not in "\"“”`‘’'{}$\\*"
    ]


def _drop_asides(tokens: list[Token]) -> list[Token]:
    """Leave out parentheses that only repeat the name before them, or name nothing."""
    kept: list[Token] = []
    k = 0
    while k < len(tokens):
        token = tokens[k]
        if token.text == "(":
            close = next((j for j in range(k, len(tokens)) if tokens[j].text == ")"), None)
            if close is not None:
                inside = {t.entity for t in tokens[k:close] if t.entity is not None}
                last = next((t.entity for t in reversed(kept) if t.entity is not None), None)
                reported = any(_REPORTED.fullmatch(t.text) for t in tokens[k:close])
                if inside <= {last} and not reported:
                    k = close + 1
                    continue
        kept.append(token)
        k += 1
    return kept


def _merge_paper(tokens: list[Token]) -> list[Token]:
    """Replace what stands for the paper or its system ("our method", "we") by one token P."""
    clause = Clause((0, 0), tokens)
    merged: list[Token] = []
    k = 0
    for found in _PAPER.finditer(clause.line):
        first, last = clause.index(found.start()), clause.index(max(found.start(), found.end() - 2))
        if first < k:
            continue
        merged += tokens[k:first]
        merged.append(Token(tokens[first].start, tokens[last].end, "P"))
        k = last + 1
    return merged + tokens[k:]


def read_clauses(text: str, sentences: Sequence[Span], entities: Sequence[Entity]) -> list[Clause]:
    """Return all sentences of a text, masked."""
    places = sorted((*span, k) for k, entity in enumerate(entities) for span in entity.spans)
    clauses = []
    for start, end in sentences:
        inside = [place for place in places if start <= place[0] and place[1] <= end]
        clauses.append(read_clause(text, (start, end), inside, entities))
    return clauses
