"""Graph → files of other formats: sorted, the same bytes for the same graph.

content.py   the graph in one order, names and types of its properties
graphml.py   gexf.py   jsonld.py   parquet.py   a format each
neo4j_admin.py   sorted_rows.py   files for Neo4j's offline import, in bounded memory
write.py     from a store to the file or folder, in one step
"""

from kg.export.write import FORMATS, export_graph

__all__ = ["FORMATS", "export_graph"]
