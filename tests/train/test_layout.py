"""The heads judge a whole batch at once, and every abstract in it as if it were alone."""

import numpy as np
import pytest

from kg.extract.neural.labels import ROLES

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install 'papers-kg[train]'"
)
pytestmark = pytest.mark.train


def _example(n_words: int, spans: list[tuple[int, int]], owner: list[int]):
    from kg.train.examples import Example

    rng = np.random.default_rng(n_words)
    places = np.arange(n_words)
    n = len(set(owner))
    return Example(
        id=str(n_words),
        words=tuple(f"w{k}" for k in places),
        features=rng.random((n_words, 3)).astype(np.float32),
        pieces=rng.integers(5, 40, n_words + 2),
        word_of_piece=np.concatenate([[0], places + 1, [0]]),
        first_piece=places + 1,
        last_piece=places + 1,
        sentence=places // 6,
        title_words=3,
        tags=np.zeros(n_words, np.int64),
        spans=np.array(spans, np.int64).reshape(-1, 2),
        owner=np.array(owner, np.int64),
        types=np.zeros(n, np.int64),
        roles=np.zeros((n, len(ROLES)), np.float32),
        pairs={},
        numbers=np.full(n_words, -1, np.int64),
    )


def test_an_abstract_is_judged_alike_alone_and_in_a_batch(small_bert: dict) -> None:
    from kg.train.layout import lay_out
    from kg.train.losses import encode, gather
    from kg.train.network import Network

    torch.manual_seed(0)
    network = Network(small_bert | {"vocab_size": 40}, 3, 0.0).eval()
    batch = [
        _example(12, [(0, 1), (4, 4), (7, 8)], [0, 0, 1]),
        _example(5, [], []),
        _example(20, [(2, 2), (9, 11), (15, 15), (16, 18)], [0, 1, 2, 2]),
    ]

    def judge(some: list) -> list[np.ndarray]:
        documents, words, _ = encode(network, gather(some, [e.features for e in some]))
        layout = lay_out(some, [(e.spans, e.owner, len(e.types)) for e in some])
        return [found.numpy() for found in network.judge(words, documents, layout)]

    with torch.no_grad():
        together = judge(batch)
        alone = [judge([batch[0]]), judge([batch[2]])]
    for joint, *parts in zip(together, *alone, strict=True):
        np.testing.assert_allclose(joint, np.concatenate(parts), atol=1e-5)
    assert [len(rows) for rows in together] == [5, 5, 2 * 2 + 3 * 3]
