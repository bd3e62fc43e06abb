"""What the tests of training share."""

import pytest


@pytest.fixture(scope="session")
def small_bert() -> dict[str, int]:
    """Give the configuration of a BERT of two small layers, without its vocabulary."""
    return {
        "hidden_size": 24,
        "intermediate_size": 48,
        "num_attention_heads": 2,
        "num_hidden_layers": 2,
        "max_position_embeddings": 512,
    }
