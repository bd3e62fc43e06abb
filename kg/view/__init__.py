"""Graph → picture: one HTML file that opens anywhere, with the network off.

select.py    the part of the graph that is wanted
tables.py    nodes, lines, papers and sentences as the page carries them
picture.py   what is drawn first, laid out by layout.py, handed to pyvis
page.py      the page: our template and scripts, vis-network, the tables
write.py     from a store to the file
"""

from kg.view.page import render_graph
from kg.view.write import render_store, write_page

__all__ = ["render_graph", "render_store", "write_page"]
