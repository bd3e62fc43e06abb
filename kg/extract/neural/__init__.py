"""The trained model: one encoder pass over an abstract, then strings, types, roles and links.

words → `tables.py`, `pieces.py` → `encoder.py` (ONNX) → `mentions.py` (which strings, what type)
→ `links.py` (which relations), with `heads.py` for the judgements and `model.py` for the whole.
Importing this package loads nothing; `kg.extract.neural.model` imports ONNX Runtime.
"""

__all__: list[str] = []
