"""Keys: what two spellings of one name share, and what two names do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resolve.acronyms import may_abbreviate, spells
from kg.resolve.guards import conflict
from kg.resolve.normalise import name_key, slug
from kg.schema import Kind


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("GSM8K", "gsm-8k", None),
        ("Meta-World", "MetaWorld", None),
        ("DINO-v2", "DINOv2", None),
        ("YOLOV3", "YOLO v3", None),
        ("MobileNetV1", "MobileNet", None),
        ("AIME 2024", "AIME24", None),
        ("WMT'14", "WMT 2014", None),
        ("SQuAD 2.0", "SQuADv2", None),
        ("$\\pi_0$", "π0", None),
        ("\\pi_0", "pi-0", None),
        ("Q&A", "QA", None),
        ("EPIC-KITCHENS", "EpicKitchens", None),
        ("the Pile", "The Pile", None),
        ("Cohen's kappa", "Cohen kappa", None),
        ("out-of-distribution (OOD) detection", "out-of-distribution detection", None),
        ("1,024 tokens", "1024 tokens", None),
        ("LIBERO benchmark", "LIBERO", Kind.RESOURCE),
        ("Stretch robot", "Stretch", Kind.ROBOT),
        ("F1-score", "F1", Kind.METRIC),
        ("Hits@1", "hits@1", Kind.METRIC),
        ("Adam optimiser", "Adam", Kind.SYSTEM),
        ("neural nets", "neural network", None),
        ("policies", "policy", None),
        ("LLMs", "LLM", None),
    ],
)
def test_name_key_is_one_for_spellings_of_one_name(a: str, b: str, kind: Kind | None) -> None:
    assert name_key(a, kind) == name_key(b, kind)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Llama-2 7B", "Llama-27B"),
        ("CodeT5", "CodeT5+"),
        ("PointNet", "PointNet++"),
        ("A*", "A"),
        ("GPS", "GP"),
        ("Mars", "MAR"),
        ("ViT-B/16", "ViT-L/16"),
        ("RT-1", "RT"),
        ("F1", "F"),
        ("UNet", "U-Network"),
        ("π0", "π0.5"),
        ("GPT-4", "GPT-4o"),
    ],
)
def test_name_key_differs_for_two_names(a: str, b: str) -> None:
    assert name_key(a) != name_key(b)


def test_name_key_keeps_the_noun_of_an_ordinary_name() -> None:
    assert name_key("reward model", Kind.SYSTEM) == "rewardmodel"
    assert name_key("quadruped robot", Kind.ROBOT) == "quadrupedrobot"


@given(st.text(max_size=30))
def test_name_key_is_stable_and_never_empty_for_a_name(text: str) -> None:
    assert name_key(text) == name_key(text)
    assert name_key(text) or not text


@given(st.text(max_size=30))
def test_slug_holds_nothing_that_needs_quoting(text: str) -> None:
    assert not set(slug(text)) & set(" /:\\'\"`<>\x1b\n")


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [
        ("CoT", "chain of thought", True),
        ("VLA", "vision-language-action models", True),
        ("OXE", "Open X-Embodiment", True),
        ("GSM8K", "Grade School Math 8K", True),
        ("DMC", "DeepMind Control", True),
        ("RL", "inverse reinforcement learning", False),
        ("GA", "generative adversarial network", False),
        ("RL", "learning", False),
    ],
)
def test_spells_takes_the_initials_of_all_words(short: str, long: str, expected: bool) -> None:
    assert spells(short, long) is expected


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [
        ("ConvNets", "convolutional neural networks", True),
        ("BIG-bench", "Beyond the Imitation Game benchmark", True),
        ("PPO", "GRPO", False),
        ("BERT", "BERT base model", False),
        ("language model", "large language model", False),
        ("Qwen2.5", "Qwen2.5 14B Instruct", False),
        ("GPT-4", "generative pre-trained transformer", False),
    ],
)
def test_may_abbreviate_takes_letters_in_order(short: str, long: str, expected: bool) -> None:
    assert may_abbreviate(short, long) is expected


@pytest.mark.parametrize(
    ("a", "b", "part"),
    [
        ("GPT-3", "GPT-4", "numbers differ"),
        ("Llama-7B", "Llama-13B", "numbers differ"),
        ("supervised learning", "unsupervised learning", "negates or narrows"),
        ("encoder", "autoencoder", "negates or narrows"),
        ("linear model", "nonlinear model", "negates or narrows"),
        ("Llama-2", "Llama-2-chat", "only one has 'chat'"),
        ("CodeT5", "CodeT5+", "only one has 'plus'"),
        ("online RL", "offline RL", "only one has 'offline'"),
    ],
)
def test_conflict_names_the_guard(a: str, b: str, part: str) -> None:
    assert part in str(conflict(a, b))
    assert part.split("'")[0] in str(conflict(b, a))


@given(st.text(max_size=20), st.text(max_size=20))
def test_conflict_does_not_depend_on_the_order(a: str, b: str) -> None:
    assert (conflict(a, b) is None) == (conflict(b, a) is None)
