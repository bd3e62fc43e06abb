"""Names to nodes, facts to edges: the stage that looks at the whole corpus.

records → `corpus` (names only) → `links` (which names are one) → `entities` (nodes, ids, names)
        → `papers` (which records are one paper) → `facts`, `results` (edges of each paper)
        → `families`, `citations`, `topics`, `people` (derived edges) → `Graph`

Every step is a pure function, and the order of the records leaves no trace.
"""
