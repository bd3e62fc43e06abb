"""Opens ONNX graphs so that a result depends on the input alone."""

from pathlib import Path

import onnxruntime as ort

__all__ = ["open_graph"]


def open_graph(path: Path, *, n_threads: int) -> ort.InferenceSession:
    """Open a graph for the CPU.

    Weights in eight bits are expanded once (the entry that disables quantised operators): quantised
    operators would round activations by a scale that depends on the whole input. Threads sleep
    rather than spin while they wait.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = n_threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
