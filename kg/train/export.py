"""Write the encoder and the word heads as an ONNX graph, the other heads as NumPy arrays.

Weights are int8 with one scale for each output channel and are expanded on loading
(DequantizeLinear), so that sums run in float32 and no scale depends on the input.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

__all__ = ["HEADS", "write_encoder", "write_heads"]

HEADS = (
    "span", "span_role", "document", "entity", "entity_norm", "kind", "role1", "role2",
    "head_entity", "tail_entity", "head_span", "tail_span", "between", "head_key", "tail_key",
    "product", "pair_features", "pair",
)  # fmt: skip


Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


class _Graph:
    """Nodes and initialisers under construction; every method gives the name of its output."""

    def __init__(self, weights: Weights, *, int8: bool) -> None:
        self.weights, self.int8 = weights, int8
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def add(self, op: str, *inputs: str, **attributes: object) -> str:
        name = f"{op.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], **attributes))
        return name

    def constant(self, name: str, value: NDArray[np.generic] | np.generic) -> str:
        self.constants[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def ints(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, np.int64))

    def floats(self, value: float) -> str:
        return self.constant(f"float_{value!r}", np.float32(value))

    def vector(self, name: str) -> str:
        return self.constant(name, self.weights[name].astype(np.float32))

    def linear(self, name: str, x: str, *, int8: bool = True) -> str:
        weight = self.weights[f"{name}.weight"].T
        if self.int8 and int8:
            codes, scale = _quantise(weight, axis=0)
            inputs = [self.constant(f"{name}.codes", codes), self.constant(f"{name}.scale", scale)]
            zero = self.constant(f"{name}.zero", np.zeros(len(scale), np.int8))
            matrix = self.add("DequantizeLinear", *inputs, zero, axis=1)
        else:
            matrix = self.constant(f"{name}.matrix", weight.astype(np.float32))
        out = self.add("MatMul", x, matrix)
        return (
            self.add("Add", out, self.vector(f"{name}.bias"))
            if f"{name}.bias" in self.weights
            else out
        )

    def norm(self, name: str, x: str) -> str:
        scale, bias = self.vector(f"{name}.weight"), self.vector(f"{name}.bias")
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def rows(self, name: str, index: str) -> str:
        """Rows of a table, each with its own scale, so that the table is never expanded."""
        table = self.weights[name]
        if not self.int8:
            return self.add("Gather", self.constant(name, table.astype(np.float32)), index)
        codes, scale = _quantise(table, axis=1)
        found = self.add("Gather", self.constant(f"{name}.codes", codes), index)
        scales = self.add("Gather", self.constant(f"{name}.scale", scale[:, None]), index)
        return self.add("Mul", self.add("Cast", found, to=TensorProto.FLOAT), scales)

    def gelu(self, x: str) -> str:
        erf = self.add("Erf", self.add("Div", x, self.floats(1.4142135623730951)))
        return self.add(
            "Mul", self.add("Mul", x, self.add("Add", erf, self.floats(1.0))), self.floats(0.5)
        )


def _quantise(matrix: Floats, axis: int) -> tuple[Floats, Floats]:
    scale = np.maximum(np.abs(matrix).max(axis), 1e-8).astype(np.float32) / np.float32(127)
    codes = np.round(matrix / (scale[None] if axis == 0 else scale[:, None]))
    return np.clip(codes, -127, 127).astype(np.int8), scale


def _layer(g: _Graph, name: str, x: str, heads: int) -> str:
    width = g.weights[f"{name}.out.bias"].shape[0]
    qkv = g.add("Reshape", g.linear(f"{name}.qkv", x), g.ints(-1, 3, heads, width // heads))
    qkv = g.add("Transpose", qkv, perm=[1, 2, 0, 3])
    q, k, v = (
        g.add("Gather", qkv, g.constant(f"index_{n}", np.int64(n)), axis=0) for n in range(3)
    )
    q = g.add("Mul", q, g.floats((width // heads) ** -0.5))
    weights = g.add("Softmax", g.add("MatMul", q, g.add("Transpose", k, perm=[0, 2, 1])), axis=-1)
    mixed = g.add("Transpose", g.add("MatMul", weights, v), perm=[1, 0, 2])
    mixed = g.add("Reshape", mixed, g.ints(-1, width))
    x = g.norm(f"{name}.norm1", g.add("Add", x, g.linear(f"{name}.out", mixed)))
    inner = g.linear(f"{name}.down", g.gelu(g.linear(f"{name}.up", x)))
    return g.norm(f"{name}.norm2", g.add("Add", x, inner))


def write_encoder(
    weights: Mapping[str, Floats], heads: int, path: Path, *, int8: bool = True
) -> None:
    """Write the graph for one abstract: pieces and word features in, states and tags out.

    Inputs: ``pieces`` (n_pieces,), ``word_of_piece`` (n_pieces,) with 0 for a mark, ``features``
    (n_words, n_features), ``first`` and ``last`` (n_words,) pieces of each word. Outputs:
    ``document`` (width,), ``words`` (n_words, width + field), ``log_tags`` (n_words, 15),
    ``numbers`` (n_words, 3).
    """
    g = _Graph(weights, int8=int8)
    n_layers = 1 + max(int(n.split(".")[2]) for n in weights if n.startswith("encoder.layers."))
    x = g.rows("encoder.word.weight", "pieces")
    count = g.add("Shape", "pieces")
    position = g.constant(
        "position",
        (weights["encoder.position.weight"] + weights["encoder.kind"]).astype(np.float32),
    )
    x = g.add("Add", x, g.add("Slice", position, g.ints(0), count, g.ints(0)))
    projected = g.linear("encoder.features", "features", int8=False)
    none = g.constant("none", np.zeros((1, len(weights["encoder.kind"])), np.float32))
    padded = g.add("Concat", none, projected, axis=0)
    x = g.norm("encoder.norm", g.add("Add", x, g.add("Gather", padded, "word_of_piece")))
    for k in range(n_layers):
        x = _layer(g, f"encoder.layers.{k}", x, heads)
    g.nodes.append(
        helper.make_node("Gather", [x, g.constant("index_0", np.int64(0))], ["document"])
    )
    ends = g.add("Add", g.add("Gather", x, "first"), g.add("Gather", x, "last"))
    field = g.gelu(g.linear("field", "features", int8=False))
    g.nodes.append(
        helper.make_node("Concat", [g.add("Mul", ends, g.floats(0.5)), field], ["words"], axis=-1)
    )
    tags, numbers = (
        g.linear("tags.1", "words", int8=False),
        g.linear("numbers", "words", int8=False),
    )
    g.nodes.append(helper.make_node("LogSoftmax", [tags], ["log_tags"], axis=-1))
    g.nodes.append(helper.make_node("Softmax", [numbers], ["numbers"], axis=-1))
    _save(g, path, weights)


def _save(g: _Graph, path: Path, weights: Mapping[str, Floats]) -> None:
    value, ints, floats = helper.make_tensor_value_info, TensorProto.INT64, TensorProto.FLOAT
    inputs = [
        value(name, ints, [size])
        for name, size in (("pieces", "L"), ("word_of_piece", "L"), ("first", "W"), ("last", "W"))
    ]
    inputs.append(value("features", floats, ["W", weights["encoder.features.weight"].shape[1]]))
    width, field = len(weights["encoder.kind"]), len(weights["field.bias"])
    sizes = {"words": width + field, "log_tags": len(weights["tags.1.bias"]), "numbers": 3}
    outputs = [value("document", floats, [width])]
    outputs += [value(name, floats, ["W", size]) for name, size in sizes.items()]
    graph = helper.make_graph(
        g.nodes, "kg", inputs, outputs, initializer=list(g.constants.values())
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="kg"
    )
    model.ir_version = 9
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def write_heads(weights: Mapping[str, Floats], path: Path) -> None:
    """Write the heads over strings and pairs: matrices ``(n_in, n_out)`` in half precision."""
    arrays = {}
    for name, value in weights.items():
        if name.split(".")[0] in HEADS:
            arrays[name] = (value.T if value.ndim == 2 else value).astype(np.float16)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # NumPy's stub: bool
