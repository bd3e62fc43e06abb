"""The spaCy components, each a few lines around a function; `state.py` says what they hand on."""

from typing import TYPE_CHECKING

from spacy.language import Language

from kg.catalogue import Catalogue
from kg.extract.abbreviations import find_abbreviations
from kg.extract.entities import build_entities
from kg.extract.known import KnownNames
from kg.extract.masking import read_clauses
from kg.extract.names import find_names
from kg.extract.relations import relate
from kg.extract.results import add_margins, read_results
from kg.extract.sentences import split_sentences
from kg.extract.state import reading_of
from kg.extract.terms import find_terms, load_lexicon
from kg.extract.trained import annotate

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.extract.neural.model import NeuralModel

__all__ = ["PIPELINE", "RULES_NAME", "RULES_VERSION", "CatalogueComponent", "ModelComponent"]

RULES_VERSION = "3"
RULES_NAME = f"rules/{RULES_VERSION}"

PIPELINE = (
    "kg_sentences",
    "kg_abbreviations",
    "kg_catalogue",
    "kg_model",
    "kg_entities",
    "kg_relations",
    "kg_results",
)
MIN_TERM = 0.5
MIN_NAME = 0.5


@Language.component("kg_sentences")
def sentences(doc: "Doc") -> "Doc":
    """Split the text, the title its own sentence."""
    reading = reading_of(doc)
    reading.sentences = split_sentences(reading.text, reading.title_end)
    return doc


@Language.component("kg_abbreviations")
def abbreviations(doc: "Doc") -> "Doc":
    """Find the long forms of acronyms."""
    reading = reading_of(doc)
    reading.abbreviations = find_abbreviations(reading.text, reading.sentences)
    return doc


class CatalogueComponent:
    """Finds the catalogue's names; `use` sets the catalogue."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._known: KnownNames | None = None

    def use(self, catalogue: Catalogue) -> None:
        """Find the names of `catalogue` from now on."""
        self._known = KnownNames(self._nlp, catalogue)

    def __call__(self, doc: "Doc") -> "Doc":
        """Add the mentions of known names."""
        reading = reading_of(doc)
        if self._known is not None:
            reading.mentions += self._known.find(doc, reading)
        return doc


@Language.factory("kg_catalogue")
def make_catalogue(nlp: Language, name: str) -> CatalogueComponent:
    """Make the component; it finds nothing before `use`."""
    return CatalogueComponent(nlp)


class ModelComponent:
    """Lets a trained model read the text: the packaged one, or what `use` sets."""

    def __init__(self) -> None:
        self._model: NeuralModel | None = None

    def use(self, model: "NeuralModel") -> None:
        """Let `model` read from now on."""
        self._model = model

    def __call__(self, doc: "Doc") -> "Doc":
        """Add what the model reads."""
        annotate(reading_of(doc), self._model)
        return doc


@Language.factory("kg_model")
def make_model(nlp: Language, name: str) -> ModelComponent:
    """Make the component; it loads the packaged weights at the first text."""
    return ModelComponent()


@Language.component("kg_entities")
def entities(doc: "Doc") -> "Doc":
    """Find names and terms by rules where no model has read the text, and group all mentions."""
    reading = reading_of(doc)
    if reading.links is None:
        reading.mentions += find_terms(reading.text, load_lexicon(), MIN_TERM)
        reading.mentions += find_names(
            reading.text,
            reading.sentences,
            reading.title_end,
            reading.abbreviations,
            minimum=MIN_NAME,
        )
    reading.entities = build_entities(reading.text, reading.mentions, reading.abbreviations)
    reading.clauses = read_clauses(reading.text, reading.sentences, reading.entities)
    return doc


@Language.component("kg_relations")
def relations(doc: "Doc") -> "Doc":
    """State relations between the entities."""
    reading = reading_of(doc)
    reading.relations = relate(reading, RULES_NAME)
    return doc


@Language.component("kg_results")
def results(doc: "Doc") -> "Doc":
    """Read the reported numbers, and the margins of relations."""
    reading = reading_of(doc)
    reading.relations = add_margins(reading)
    reading.results = read_results(reading, RULES_NAME)
    return doc
