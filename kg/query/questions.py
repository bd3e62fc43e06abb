"""The named questions: one `.cypher` file each in `schemas/questions/`, with its wordings.

The comment lines at the head of a file give its title, an example, the kinds of name that it is
asked of (`x`, and `y` where it joins two names), and the wordings: regular expressions in which a
word in capitals stands for a set of synonyms (`wordings.json`) and X and Y for a name.
"""

import json
import re
from dataclasses import dataclass
from functools import cache

from kg.schema import Kind, schema_file

__all__ = ["Match", "Question", "load_questions", "match_question"]

_MACRO = re.compile(r"\b[A-Z]{2,}\b")
_NAME = re.compile(r"(?<![A-Za-z\\(?<])\b([XY])\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that the graph can answer. `cypher` takes $ids, $direct and the narrowing."""

    name: str
    title: str
    example: str
    x: tuple[Kind, ...]
    y: tuple[Kind, ...]
    wordings: tuple[re.Pattern[str], ...]
    cypher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A question that a text asks, and the names in it as they are written."""

    question: Question
    x: str
    y: str | None = None


@cache
def load_questions() -> tuple[Question, ...]:
    """Read the question files, sorted by name."""
    macros = json.loads(schema_file("questions/wordings.json").read_text(encoding="utf-8"))
    folder = schema_file("questions")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".cypher"))
    return tuple(
        _parse(name, (folder / name).read_text(encoding="utf-8"), macros) for name in names
    )


def match_question(text: str) -> Match | None:
    """Return the question that a text asks, or None.

    Where several wordings fit, the one that leaves the least to the names is taken.
    """
    asked = _tidy(text)
    best: tuple[int, Match] | None = None
    for question in load_questions():
        for wording in question.wordings:
            found = wording.fullmatch(asked)
            if found is None:
                continue
            names = found.groupdict()
            size = sum(len(name) for name in names.values() if name)
            if best is None or size < best[0]:
                best = size, Match(question=question, x=names["x"], y=names.get("y"))
    return best[1] if best else None


def _tidy(text: str) -> str:
    asked = " ".join(text.split()).strip(" ?!.")
    return asked.replace("’", "'").replace("what's", "what is").replace("who's", "who is")


def _parse(file_name: str, text: str, macros: dict[str, str]) -> Question:
    fields: dict[str, list[str]] = {}
    lines = text.splitlines(keepends=True)
    body = [line for line in lines if not line.startswith("//")]
    for line in lines:
        if line.startswith("//"):
            key, _, value = line[2:].strip().partition(": ")
            fields.setdefault(key, []).append(value)
    return Question(
        name=file_name.removesuffix(".cypher"),
        title=fields["title"][0],
        example=fields["example"][0],
        x=tuple(Kind(kind) for kind in fields["x"][0].split()),
        y=tuple(Kind(kind) for kind in fields.get("y", [""])[0].split()),
        wordings=tuple(_compile(wording, macros) for wording in fields["wording"]),
        cypher="".join(body),
    )


def _compile(wording: str, macros: dict[str, str]) -> re.Pattern[str]:
    def expand(found: re.Match[str]) -> str:
        return macros[found[0]]

    pattern = _NAME.sub(lambda found: f"(?P<{found[1].lower()}>.+?)", wording)
    pattern = _MACRO.sub(expand, pattern)
    return re.compile(f"(?:{macros['lead_in']})?{pattern}", re.IGNORECASE)
