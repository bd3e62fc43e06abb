"""Questions to a stored graph: in English (`ask`), of one name (`show`), of the whole (`stats`).

`questions` reads the named questions of `schemas/questions/`, `names` finds the node that a person
means, `ask` joins the two.
"""
