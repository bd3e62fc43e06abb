"""Write the network as ONNX graphs: the encoder with the word heads, strings, and pairs.

The encoder's weights are int8 with one scale for each output channel and are expanded on loading
(DequantizeLinear), so that sums run in float32 and no scale depends on the input.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kg.extract.neural.candidates import N_ENTITY_FEATURES, N_PAIR_FEATURES

__all__ = ["write_encoder", "write_heads"]

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


Sizes = Mapping[str, tuple[str | int, ...]]
_WHOLE = frozenset(
    {"pieces", "word_of_piece", "first", "last", "members", "head", "tail", "left", "right"}
)
"""The inputs that are whole numbers."""


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

    def half(self, name: str, x: str) -> str:
        """Add a linear layer whose matrix is kept in half precision, widened on loading."""
        matrix = self.constant(f"{name}.half", self.weights[f"{name}.weight"].T.astype(np.float16))
        out = self.add("MatMul", x, self.add("Cast", matrix, to=TensorProto.FLOAT))
        bias = f"{name}.bias"
        return self.add("Add", out, self.vector(bias)) if bias in self.weights else out

    def norm(self, name: str, x: str, *, epsilon: float = 1e-12) -> str:
        scale, bias = self.vector(f"{name}.weight"), self.vector(f"{name}.bias")
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)

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
    inputs: Sizes = {
        "pieces": ("L",),
        "word_of_piece": ("L",),
        "first": ("W",),
        "last": ("W",),
        "features": ("W", weights["encoder.features.weight"].shape[1]),
    }
    width, field = len(weights["encoder.kind"]), len(weights["field.bias"])
    outputs: Sizes = {
        "document": (width,),
        "words": ("W", width + field),
        "log_tags": ("W", len(weights["tags.1.bias"])),
        "numbers": ("W", 3),
    }
    _write(g, path, "kg", (inputs, outputs))


def _write(g: _Graph, path: Path, name: str, ends: tuple[Sizes, Sizes]) -> None:
    """Check and write a graph with these inputs and outputs."""
    given, found = (
        [
            helper.make_tensor_value_info(
                value, TensorProto.INT64 if value in _WHOLE else TensorProto.FLOAT, list(size)
            )
            for value, size in sizes.items()
        ]
        for sizes in ends
    )
    constants = list(g.constants.values())
    graph = helper.make_graph(g.nodes, name, given, found, initializer=constants)
    opset = helper.make_opsetid("", 17)
    model = helper.make_model(graph, opset_imports=[opset], producer_name="kg")
    model.ir_version = 9
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def write_heads(weights: Weights, folder: Path) -> None:
    """Write the heads over strings and over pairs, in half precision, as two graphs.

    `strings.onnx` takes ``rows`` (n_spans, 3 words: first, last, mean), ``members`` and
    ``absent`` (n_entities, most places; with a last axis of one), ``features`` (n_entities, 8) and
    ``document`` (1, width). `pairs.onnx` takes the ``words`` (n_words, width) and, for every pair,
    its places, the words between them as borders of sums, and its features.
    """
    _write_strings(_Graph(weights, int8=False), folder / "strings.onnx")
    _write_pairs(_Graph(weights, int8=False), folder / "pairs.onnx")


def _write_strings(g: _Graph, path: Path) -> None:
    states = g.gelu(g.half("span", "rows"))
    own = g.add("Gather", states, "members")
    far = g.add("Mul", "absent", g.floats(-1e4))
    top = g.add("ReduceMax", g.add("Add", own, far), axes=[1], keepdims=0)
    present = g.add("Sub", g.floats(1.0), "absent")
    total = g.add("ReduceSum", g.add("Mul", own, present), g.ints(1), keepdims=0)
    mean = g.add("Div", total, g.add("ReduceSum", present, g.ints(1), keepdims=0))
    document = g.gelu(g.half("document", "document"))
    count = g.add("Gather", g.add("Shape", "members"), g.ints(0))
    width = g.ints(len(g.weights["document.bias"]))
    document = g.add("Expand", document, g.add("Concat", count, width, axis=0))
    rows = g.add("Concat", top, mean, document, "features", axis=-1)
    entity = g.norm("entity_norm", g.gelu(g.half("entity", rows)), epsilon=1e-5)
    local = g.half("span_role", states)
    best = g.add("Add", g.add("Gather", local, "members"), far)
    best = g.add("ReduceMax", best, axes=[1], keepdims=0)
    roles = g.add("Add", g.half("role2", g.gelu(g.half("role1", entity))), best)
    roles = g.add("Sigmoid", roles)
    types = g.add("Softmax", g.half("kind", entity), axis=-1)
    introduced = g.add("Slice", roles, g.ints(0), g.ints(1), g.ints(1))
    seen = g.add("Concat", entity, types, introduced, axis=-1)
    for name, value in zip(
        ("states", "seen", "types", "roles", "local"),
        (states, seen, types, roles, local),
        strict=True,
    ):
        g.nodes.append(helper.make_node("Identity", [value], [name]))
    _write(g, path, "strings", _string_sizes(g))


def _string_sizes(g: _Graph) -> tuple[Sizes, Sizes]:
    """Return the sizes of what `strings.onnx` takes and gives."""
    inputs: Sizes = {
        "rows": ("S", 3 * g.weights["tags.1.weight"].shape[1]),
        "members": ("E", "K"),
        "absent": ("E", "K", 1),
        "features": ("E", N_ENTITY_FEATURES),
        "document": (1, g.weights["document.weight"].shape[1]),
    }
    n_roles, n_types = len(g.weights["role2.bias"]), len(g.weights["kind.bias"])
    outputs: Sizes = {
        "states": ("S", len(g.weights["span.bias"])),
        "seen": ("E", g.weights["head_key.weight"].shape[1]),
        "types": ("E", n_types),
        "roles": ("E", n_roles),
        "local": ("S", n_roles),
    }
    return inputs, outputs


def _write_pairs(g: _Graph, path: Path) -> None:
    between = g.add("CumSum", g.half("between", "words"), g.constant("first_axis", np.int64(0)))
    nothing = np.zeros((1, len(g.weights["between.weight"])), np.float32)
    sums = g.add("Concat", g.constant("nothing", nothing), between, axis=0)
    sums = g.add("Sub", g.add("Gather", sums, "right"), g.add("Gather", sums, "left"))
    local = g.add("Mul", sums, "inverse")
    for end, place in (("head_span", "head"), ("tail_span", "tail")):
        local = g.add("Add", local, g.add("Gather", g.half(end, "states"), place))
    local = g.add("Add", local, g.half("pair_features", "features"))
    down, across = g.ints(1), g.ints(0)
    keys = (g.half("head_key", "seen"), g.half("tail_key", "seen"))
    product = g.add("Mul", g.add("Unsqueeze", keys[0], down), g.add("Unsqueeze", keys[1], across))
    ends = g.half("product", product)
    for end, axis in (("head_entity", down), ("tail_entity", across)):
        ends = g.add("Add", ends, g.add("Unsqueeze", g.half(end, "seen"), axis))
    ends = g.add("Reshape", ends, g.ints(-1, len(g.weights["between.weight"])))
    pairs = g.half("pair", g.gelu(g.add("Add", ends, local)))
    g.nodes.append(helper.make_node("Sigmoid", [pairs], ["pairs"]))
    inputs: Sizes = {
        "words": ("W", g.weights["between.weight"].shape[1]),
        "states": ("S", len(g.weights["span.bias"])),
        "seen": ("E", g.weights["head_key.weight"].shape[1]),
        "features": ("P", N_PAIR_FEATURES),
        "inverse": ("P", 1),
        **dict.fromkeys(("head", "tail", "left", "right"), ("P",)),
    }
    _write(g, path, "pairs", (inputs, {"pairs": ("P", len(g.weights["pair.bias"]))}))
