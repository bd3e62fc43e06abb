"""Which numbers are results, of what, on what; which are margins, and which are neither."""

import pytest

REPORTED = {
    "two benchmarks": (
        "[Zed|Model] reaches 64.8% on the competitive [Sums|Benchmark] dataset and 86.7% on"
        " [Quiz|Benchmark].",
        {("Zed", "Sums", None, "64.8"), ("Zed", "Quiz", None, "86.7")},
    ),
    "from to": (
        "[Zed|Model] raises the [success rate|Metric] on [Quiz|Benchmark] from 76.5% to 97.1%.",
        {("Zed", "Quiz", "success rate", "97.1")},
    ),
    "metric behind": (
        "[Zed|Model] achieves 61.3% [mAP|Metric] and 67.6% [NDS|Metric] on [Quiz|Benchmark].",
        {("Zed", "Quiz", "mAP", "61.3"), ("Zed", "Quiz", "NDS", "67.6")},
    ),
    "metric of": (
        "[Zed|Model] obtains a [BLEU|Metric] score of 27.3 on [Quiz|Benchmark].",
        {("Zed", "Quiz", "BLEU", "27.3")},
    ),
    "benchmark first": (
        "On [Quiz|Benchmark], [Zed|Model] attains an [accuracy|Metric] of 71.2%.",
        {("Zed", "Quiz", "accuracy", "71.2")},
    ),
    "respectively": (
        "[Zed|Model] scores an [F1|Metric] of 80.1% and 70.2% on [Quiz|Benchmark] and"
        " [Exam|Benchmark], respectively.",
        {("Zed", "Quiz", "F1", "80.1"), ("Zed", "Exam", "F1", "70.2")},
    ),
    "in parentheses": (
        "On [Quiz|Benchmark] [Zed|Model] has 69.0% [accuracy|Metric], more than [Kay|Model] (64.7%).",  # noqa: E501
        {("Zed", "Quiz", "accuracy", "69.0"), ("Kay", "Quiz", "accuracy", "64.7")},
    ),
    "bounded": (
        "[Zed|Model] has an [accuracy|Metric] of over 88% on [Quiz|Benchmark].",
        {("Zed", "Quiz", "accuracy", "88")},
    ),
    "deviation": (
        "[Zed|Model] has an [accuracy|Metric] of 0.83 ± 0.04 on [Quiz|Benchmark].",
        {("Zed", "Quiz", "accuracy", "0.83 ± 0.04")},
    ),
    "deviation in LaTeX": (
        "[Zed|Model] has an [inception score|Metric] of $9.49 \\pm 0.15$ on [Quiz|Benchmark].",
        {("Zed", "Quiz", "inception score", "9.49 \\pm 0.15")},
    ),
    "own, with a part in between": (
        "We fine-tune [Kay|Model] and reach an [accuracy|Metric] of 71.2% on [Quiz|Benchmark].",
        {("PAPER", "Quiz", "accuracy", "71.2")},
    ),
    "shown of another": (
        "We show that [Kay|Model] has an [accuracy|Metric] of 71.2% on [Quiz|Benchmark].",
        {("Kay", "Quiz", "accuracy", "71.2")},
    ),
    "no benchmark": (
        "[Zed|Model] shows a [success rate|Metric] of 80% in the kitchen.",
        {("Zed", None, "success rate", "80")},
    ),
}  # fmt: skip

UNREPORTED = {
    "difference": "[Zed|Model] improves [accuracy|Metric] by 16.5% on [Quiz|Benchmark].",
    "gain behind": "[Zed|Model] brings a 9% gain in [accuracy|Metric] on [Quiz|Benchmark].",
    "points": "[Zed|Model] adds 4 points of [accuracy|Metric] on [Quiz|Benchmark].",
    "size": "[Zed|Model] has 7B parameters and runs on [Quiz|Benchmark].",
    "count": "[Quiz|Benchmark] has 204 tasks and [Zed|Model] solves some.",
    "year": "In 2024, [Zed|Model] was tested on [Quiz|Benchmark].",
    "version": "[Zed|Model] v1.5 is tested on [Quiz|Benchmark].",
    "share of the data": "[Zed|Model] needs only 1% of the data of [Quiz|Benchmark].",
    "labelled share": "With 10% labeled data [Zed|Model] works on [Quiz|Benchmark].",
    "shots": "[Zed|Model] is tested in a 5-shot setting on [Quiz|Benchmark].",
    "hours": "[Zed|Model] is trained for 12 hours on [Quiz|Benchmark].",
    "supposed": "[Zed|Model] might reach 90% [accuracy|Metric] on [Quiz|Benchmark].",
    "denied": "[Zed|Model] does not reach 90% [accuracy|Metric] on [Quiz|Benchmark].",
}

MARGINS = {
    "by": ("[Zed|Model] outperforms [Kay|Model] by 16.5% on [Quiz|Benchmark].", "16.5%"),
    "more than": ("[Zed|Model] surpasses [Kay|Model] by more than 100%.", "100%"),
    "points": ("[Zed|Model] beats [Kay|Model] by 2.1 points.", "2.1 points"),
    "times": ("[Zed|Model] is 3x faster than [Kay|Model].", "3x"),
}  # fmt: skip

SETTINGS = {
    "shots": ("[Zed|Model] reaches 71.2% zero-shot [accuracy|Metric] on [Quiz|Benchmark].", "zero-shot"),  # noqa: E501
    "split": ("[Zed|Model] has 71.2% [accuracy|Metric] on the [Quiz|Benchmark] test set.", "test set"),  # noqa: E501
    "protocol": ("[Zed|Model] has 71.2% pass@1 on [Quiz|Benchmark].", "pass@1"),
    "none": ("[Zed|Model] has 71.2% [accuracy|Metric] on [Quiz|Benchmark].", None),
}  # fmt: skip


@pytest.mark.parametrize("case", REPORTED)
def test_reported_number_is_a_result(case: str, read_marked, values) -> None:
    sentence, expected = REPORTED[case]
    assert values(read_marked(sentence)) == expected


@pytest.mark.parametrize("case", UNREPORTED)
def test_other_number_is_no_result(case: str, read_marked, values) -> None:
    assert values(read_marked(UNREPORTED[case])) == set()


@pytest.mark.parametrize("case", MARGINS)
def test_difference_is_the_margin_of_a_win(case: str, read_marked) -> None:
    sentence, margin = MARGINS[case]
    reading = read_marked(sentence)
    assert [r.margin for r in reading.relations if r.head == "e1" and r.tail == "e2"] == [margin]
    assert reading.results == []


@pytest.mark.parametrize("case", SETTINGS)
def test_setting_is_read_beside_the_number(case: str, read_marked) -> None:
    sentence, setting = SETTINGS[case]
    assert [r.setting for r in read_marked(sentence).results] == [setting]


def test_result_points_at_its_sentence(read_marked) -> None:
    reading = read_marked("It is new. [Zed|Model] has 71.2% [accuracy|Metric] on [Quiz|Benchmark].")
    (result,) = reading.results
    assert result.evidence == reading.text[result.start : result.end]
    assert result.evidence.startswith("Zed has")
    assert result.unit == "%"
    assert 0 <= result.confidence <= 1
