"""Find the catalogue's names in a text with spaCy's PhraseMatcher.

A name that is written in ordinary words matches in any case and in the plural; an acronym or a
short capitalised name matches only as it is written. A name that the catalogue calls ambiguous
needs evidence in the text: another name of the same thing, or words that are typical of its type
beside it. Where the text itself defines an acronym as something else, that definition wins.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from spacy.matcher import PhraseMatcher

from kg.catalogue import Catalogue, CatalogueEntry
from kg.extract.state import Mention, Reading, Span
from kg.schema import Label

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["KnownNames"]

_ORDINARY = re.compile(r"[a-z0-9]+(?:[\s/-][a-z0-9]+)*")
_CONTEXT = {
    Label.BENCHMARK: r"\b(?:on|benchmarks?|datasets?|suites?|leaderboard|evaluat\w+|challenge)\b",
    Label.DATASET: r"\b(?:on|datasets?|corpus|corpora|data|collection|trained)\b",
    Label.MODEL: r"\b(?:models?|llms?|backbones?|pre-?trained|fine-?tun\w+|encoder"
    r"|outperform\w*)\b",
    Label.METHOD: r"\b(?:methods?|algorithms?|polic\w+|using|via|with|learning|outperform\w*)\b",
    Label.METRIC: r"\b(?:scores?|metrics?|\d+(?:\.\d+)?%?|of|in terms of)(?!\w)",
    Label.ROBOT: r"\b(?:robots?|arms?|hands?|grippers?|platforms?|manipulators?|humanoids?)\b",
    Label.TASK: r"\b(?:tasks?|problems?|for)\b",
}
_NEAR = 28


class KnownNames:
    """The names of a catalogue, ready to be found in documents of `nlp`."""

    def __init__(self, nlp: "Language", catalogue: Catalogue) -> None:
        self._entries = catalogue.entries
        self._lower = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._exact = PhraseMatcher(nlp.vocab, attr="ORTH")
        for number, entry in enumerate(self._entries):
            key = str(number)
            for name in entry.names:
                exact = _needs_case(name) or name in entry.ambiguous
                matcher = self._exact if exact else self._lower
                matcher.add(key, [nlp.make_doc(form) for form in sorted(_forms(name))])

    def find(self, doc: "Doc", reading: Reading) -> list[Mention]:
        """Return the known names in `doc`, ambiguous ones only with evidence."""
        text = reading.text
        defined = {text[slice(*short)]: text[slice(*long)] for long, short in reading.abbreviations}
        places: dict[int, list[Span]] = defaultdict(list)
        for matcher in (self._lower, self._exact):
            for match, first, last in matcher(doc):
                span = doc[first:last]
                if _whole(text, span.start_char, span.end_char):
                    number = int(doc.vocab.strings[match])
                    places[number].append((span.start_char, span.end_char))
        mentions = []
        for number in sorted(places):
            entry = self._entries[number]
            for start, end in sorted(set(places[number])):
                if _is_meant(text, (start, end), entry, defined, places[number]):
                    mentions.append(
                        Mention(
                            start=start, end=end, type=entry.type, source="catalogue",
                            confidence=0.9, name=entry.name,
                        )
                    )  # fmt: skip
        return mentions


def _needs_case(name: str) -> bool:
    """Tell whether a name is an acronym, or one short word that is also an ordinary word."""
    letters = [c for c in name if c.isalpha()]
    if _ORDINARY.fullmatch(name):
        return False
    return len(name) <= 6 or (
        " " not in name and sum(c.isupper() for c in letters) <= 1 < len(letters)
    )


def _forms(name: str) -> Iterator[str]:
    """Yield a name's spellings: hyphens and blanks exchanged, singular and plural."""
    spellings = {name}
    if _ORDINARY.fullmatch(name):
        spellings |= {name.replace("-", " "), re.sub(r"(?<=[a-z]) (?=[a-z])", "-", name)}
    for spelling in spellings:
        yield spelling
        last = spelling[-1:]
        if last.isalpha() and last != "s":
            yield spelling[:-1] + "ies" if re.search(r"[^aeiou]y$", spelling) else spelling + "s"


def _whole(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if re.search(r"\w$|[\w]-$", before) and before[-1:] != " ":
        return False
    return not re.match(r"\w|-\d|\.\d", after)


def _is_meant(
    text: str,
    place: Span,
    entry: CatalogueEntry,
    defined: dict[str, str],
    places: list[Span],
) -> bool:
    string = text[slice(*place)]
    long = defined.get(string) or defined.get(string + "s") or defined.get(string.removesuffix("s"))
    if long is not None:
        known = {_key(name) for name in entry.names}
        if len(string) <= 5 and len(known) > 1 and _key(long) not in known:
            return False
    if string not in entry.ambiguous and string.removesuffix("s") not in entry.ambiguous:
        return True
    others = {text[a:b] for a, b in places} - {string}
    if long is not None or any(other not in entry.ambiguous for other in others):
        return True
    if places[0][0] == 0 and text[places[0][1] :].lstrip()[:1] == ":":  # "Orca: a title"
        return True
    pattern = _CONTEXT.get(Label(entry.type))
    near = text[max(0, place[0] - _NEAR) : place[0]] + " " + text[place[1] : place[1] + _NEAR]
    return pattern is not None and re.search(pattern, near, re.IGNORECASE) is not None


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.lower()).strip().removesuffix("s")
