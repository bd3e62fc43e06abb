"""From paper abstracts to a knowledge graph that can be queried, asked and seen.

The way of one abstract, a file an arrow:

    kg/read/        read_file: a page, table or export  →  Paper        (kg/records.py)
    kg/extract/     SpacyExtractor: sentences, abbreviations, names, relations, results
                    Paper  →  Record: what this one paper states, with sentences and spans
    kg/pipeline.py  build: stores new records, then resolves and applies the difference
    kg/resolve/     resolve: all records + catalogue + thesaurus  →  Graph of Node and Edge
    kg/changes.py   difference: the graph as stored and as resolved  →  Changes
    kg/store/       Store: embedded (ArcadeDB, in process), or a Neo4j server
    kg/query/       ask, show: a question  →  named Cypher  →  rows with papers and sentences
    kg/view/        write_page: nodes and edges  →  one HTML file; kg/export/ for other tools
    kg/cli/         one thin file a command

Labels, relationship types and their allowed ends stand in `schemas/` and nowhere else.
"""

from kg.api import KnowledgeGraph, build, extract, open_graph, read
from kg.errors import KgError

__all__ = ["KgError", "KnowledgeGraph", "build", "extract", "open_graph", "read"]
