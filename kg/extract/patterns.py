"""Wordings that state a relation, as data: read by `pairs.py` over the masked lines of `clauses.py`.

In a pattern, ``~`` stands for up to three words between (adverbs, adjectives), ``ENT`` for a name.
"""

import re
from dataclasses import dataclass

from kg.schema import RelationType, Role

__all__ = ["BETWEEN", "TRIGGERS", "Between", "Trigger"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A verb phrase that relates the subject before it to the objects after it.

    `inverted`: the objects are the heads ("is outperformed by"). `heads` and `tails` are the types
    that may stand there, as letters of `masking.LETTERS` ("P" is the paper). `denied` is what a
    negated sentence states, if anything.
    """

    name: str
    relation: RelationType
    pattern: re.Pattern[str]
    heads: str
    tails: str
    role: Role | None = None
    inverted: bool = False
    denied: RelationType | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """A wording with both names inside: groups ``head`` and ``tail`` of the pattern, or lists."""

    name: str
    relation: RelationType
    pattern: re.Pattern[str]
    role: Role | None = None


_GAP = r"(?:[a-z'-]+ ){0,3}?"
_NOUN = (
    r"(?:(?:models?|methods?|polic(?:y|ies)|approach(?:es)?|algorithms?|frameworks?|networks?|architectures?"
    r"|systems?|baselines?|benchmarks?|datasets?|tasks?|suites?|series|famil(?:y|ies)|robots?|arms?|agents?) )"
)
_DET = r"(?:(?:the|a|an|both|all|its|some|standard|popular|existing|recent|public|large|state-of-the-art) )"
_ADJ = r"(?:(?!(?:and|or|than|that|which|is|are|of|for|to|in|on|by|with|from|as) )[a-z-]+ ){0,3}?"


def _line(pattern: str) -> re.Pattern[str]:
    pattern = pattern.replace("~ ", _GAP).replace("NOUN ", _NOUN).replace("ADJ ", _ADJ)
    pattern = re.sub(r"LIST\[(\w+)\] ", _list, pattern)
    pattern = re.sub(r"ENT\[(\w+)\] ", r"(?:e\\d+[\1]|P) ", pattern)
    return re.compile(r"(?<![^ ])" + pattern)


def _list(found: re.Match[str]) -> str:
    item = rf"{_DET}{{0,2}}e\d+[{found.group(1)}] {_NOUN}?"
    return rf"{item}(?:(?:, and |, or |, as well as |, |and |or |/ |as well as ){item})*"


_WIN = r"(?:outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?|beat(?:s|en|ing)?|outpac(?:es|ed|ing)|outclass(?:es|ed)?|overtak(?:es|ing)|defeat(?:s|ed|ing)?|outscor(?:es|ed|ing)|outrank(?:s|ed)?|eclips(?:es|ed|ing))"
_BETTER = r"(?:better|superior|stronger|faster|higher|greater|more (?:accurate|robust|efficient|reliable|effective)|lower (?:error|loss|perplexity|latency)s?)"
_BE = r"(?:is|are|was|were|been|be|being|gets?|got)"
_SYSTEMS, _ALL = "MHP", "MHBDRTSP"

TRIGGERS = (
    Trigger("win", RelationType.OUTPERFORMS, _line(rf"{_WIN} (?!by )"), _SYSTEMS, "MH", denied=RelationType.COMPARED_WITH),
    Trigger("lose passive", RelationType.OUTPERFORMS, _line(rf"{_BE} ~ (?:outperformed|surpassed|exceeded|beaten|defeated|outclassed|overtaken|eclipsed) ~ by "), "MH", "MHP", inverted=True, denied=RelationType.COMPARED_WITH),
    Trigger("lose", RelationType.OUTPERFORMS, _line(r"(?:underperform(?:s|ed|ing)?|(?:falls?|fell|falling|lag(?:s|ged|ging)?) ~ behind|falls? short of|loses? to|lost to) "), "MH", "MHP", inverted=True, denied=RelationType.COMPARED_WITH),
    Trigger("worse", RelationType.OUTPERFORMS, _line(r"(?:worse|inferior|weaker|slower|less (?:accurate|robust|efficient|effective)) ~ (?:than|to) "), "MH", "MHP", inverted=True, denied=RelationType.COMPARED_WITH),
    Trigger("better", RelationType.OUTPERFORMS, _line(rf"{_BETTER} (?:[a-z-]+ ){{0,5}}?(?:than|to|over|compared (?:to|with)) "), _SYSTEMS, "MH", denied=RelationType.COMPARED_WITH),
    Trigger("improves over", RelationType.OUTPERFORMS, _line(r"improv(?:es|ed|ing|e) ~ (?:over|upon|on) (?!e\d+[BDTS])"), _SYSTEMS, "MH", denied=RelationType.COMPARED_WITH),
    Trigger("improvement over", RelationType.OUTPERFORMS, _line(r"(?:improvements?|gains?|advantages?|superiority|speed-?ups?|increase|boost) (?:\S+ ){0,4}?(?:over|relative to|compared (?:to|with)) "), _SYSTEMS, "MH", denied=RelationType.COMPARED_WITH),
    Trigger("parity", RelationType.COMPARED_WITH, _line(r"(?:(?:on par|in line|parity|competitive|comparable|comparably|equally|similar(?:ly)?) ~ (?:with|to|as) |match(?:es|ed|ing)? (?!the )|rival(?:s|ed|ing)? |approach(?:es|ed|ing) (?=e)|trail(?:s|ed|ing)? (?:behind )?)"), _SYSTEMS, "MH"),
    Trigger("compared", RelationType.COMPARED_WITH, _line(r"(?:(?:compares?|comparing|comparisons?) (?:\S+ ){0,4}?(?:with|to|against|between) |compared (?=P |e\d+[MH] )(?:\S+ ){1,3}?(?:with|to|against) )"), _SYSTEMS, "MH"),
    Trigger("extends", RelationType.EXTENDS, _line(r"(?:extend(?:s|ed|ing)?|generali[sz](?:es|ed|ing)|adapt(?:s|ing)) (?!to )"), "MHBDRP", "MHBDR"),
    Trigger("version of", RelationType.EXTENDS, _line(r"(?:an? |the )?(?:[a-z-]+ ){0,3}?(?:extensions?|variants?|generali[sz]ations?|versions?|adaptations?|successors?|reformulations?|modifications?) (?:of|to) "), "MHBDRP", "MHBDR"),
    Trigger("is extended by", RelationType.EXTENDS, _line(rf"{_BE} ~ (?:extended|generali[sz]ed|succeeded) ~ by "), "MHBDR", "MHBDRP", inverted=True),
    Trigger("uses", RelationType.USES, _line(r"(?:us(?:es|ed|ing)|use|utili[sz](?:es|ed|ing|e)|employ(?:s|ed|ing)?|leverag(?:es|ed|ing|e)|adopt(?:s|ed|ing)?|incorporat(?:es|ed|ing|e)|integrat(?:es|ed|ing|e)|combin(?:es|ed|ing|e)|appl(?:ies|ied|ying)|rel(?:ies|ied|y|ying) on|buil(?:ds|t|ding|d) (?:up)?on|built on top of|built with|based on|powered by|distill?ed from|initiali[sz]ed (?:with|from)|supervised by|equipped with|learns? ~ from|consists? of|comprises?) "), "MHP", "MH", role=Role.COMPONENT),
    Trigger("basis of", RelationType.USES, _line(rf"(?:{_BE} ~ (?:(?:the )?(?:basis|backbone|foundation|core|heart|building block) (?:of|for|behind)|(?:used|adopted|employed|leveraged|applied|integrated|incorporated) by|used as ~ (?:basis|backbone|base model|foundation|core|encoder|teacher) (?:of|for|in))|underpins|serves? as ~ (?:basis|backbone|foundation|component) (?:of|for|in)) "), "MH", "MHP", role=Role.COMPONENT, inverted=True),
    Trigger("trained on", RelationType.USES, _line(r"(?:(?:pre-?|re)?train(?:s|ed|ing)?|fine-?tun(?:es|ed|ing|e)) (?:[a-z0-9-]+ ){0,3}?(?:on|with|using|from) "), "MHP", "BD", role=Role.TRAINING),
    Trigger("evaluated on", RelationType.USES, _line(r"(?:evaluat(?:es|ed|ing|e|ions?)|test(?:s|ed|ing)?|validat(?:es|ed|ing|e|ion)|benchmark(?:s|ed|ing)|assess(?:es|ed|ing)?|experiments?|verif(?:ied|ies|y)|examined?|demonstrat(?:es|ed|ing|e)|results?|performance|accuracy|success|scores?|achiev(?:es|ed|ing|e)|outperforms?|state-of-the-art|improvements?|gains?) (?:[^,;]{0,60} )?(?:on|in|across|using|over) "), "MHP", "BD", role=Role.EVALUATION),
    Trigger("used to evaluate", RelationType.USES, _line(rf"(?:{_BE} used to|we use to|to) (?:evaluate|test|assess|benchmark) "), "BD", "MHP", role=Role.EVALUATION, inverted=True),
    Trigger("runs on robot", RelationType.USES, _line(r"(?:deploy(?:s|ed|ing|ment)?|run(?:s|ning)?|test(?:s|ed|ing)?|evaluat(?:es|ed|ing|ions?)|validat(?:es|ed|ing|ion)|demonstrat(?:es|ed|ing|e|ions?)|implement(?:s|ed|ing)?|experiments?|control(?:s|led)?|appl(?:ied|y|ies)) (?:[^,;]{0,50} )?(?:on|onto|with|using|to|in) "), "MHP", "R", role=Role.PLATFORM),
    Trigger("addresses", RelationType.ADDRESSES, _line(r"(?:address(?:es|ed|ing)?|tackl(?:es|ed|ing|e)|solv(?:es|ed|ing|e)|handl(?:es|ed|ing|e)|perform(?:s|ing)?|improv(?:es|ed|ing|e)|enabl(?:es|ed|ing|e)|applied to|designed for|tailored (?:for|to)|aims? at|used for|excels? (?:at|in)|specialized (?:for|in)|for) "), "MHP", "T"),
)  # fmt: skip

BETWEEN = (
    Between("evaluates x on y", RelationType.USES, _line(r"(?:evaluat(?:es|ed|ing|e)|test(?:s|ed|ing)?|benchmark(?:s|ed|ing)?|assess(?:es|ed|ing)?|compar(?:es|ed|ing|e)|analy[sz](?:es|ed|ing|e)|evaluations? of) ADJ (?P<head>LIST[MH] )(?:[a-z-]+ ){0,3}?(?:on|using|against|in|with) ADJ (?P<tail>LIST[BD] )"), Role.EVALUATION),
    Between("trains x on y", RelationType.USES, _line(r"(?:(?:pre-?)?train(?:s|ed|ing)?|fine-?tun(?:es|ed|ing|e)) ADJ (?P<head>LIST[MH] )(?:[a-z-]+ ){0,2}?(?:on|using|with) ADJ (?P<tail>LIST[BD] )"), Role.TRAINING),
    Between("trains x with y", RelationType.USES, _line(r"(?:(?:pre-?)?train(?:s|ed|ing)?|fine-?tun(?:es|ed|ing|e)) ADJ (?P<head>LIST[M] )(?:[a-z-]+ ){0,2}?(?:via|using|with|by) ADJ (?P<tail>LIST[H] )"), Role.COMPONENT),
    Between("such as", RelationType.IS_A, _line(r"(?P<tail>e\d+[MHTBDRS] )(?:NOUN )?(?:, )?(?:\( )?(?:such as|including|like|e \. g \. ,?|namely|particularly|especially) ADJ (?P<head>LIST[MHTBDRS] )")),
    Between("and other", RelationType.IS_A, _line(r"(?P<head>LIST[MHTBDRS] )(?:, )?(?:and|or) other (?:[a-z-]+ ){0,2}?(?P<tail>e\d+[MHTBDRS] )")),
    Between("is a", RelationType.IS_A, _line(r"(?P<head>e\d+[MHTBDRS] )(?:NOUN )?(?:, |(?:is|are|was) (?:one of )?)(?:the|an?) ADJ (?:(?:type|kind|form|class|instance|family|variant) of )?(?P<tail>e\d+[MHTBDRS] )(?!- )")),
    Between("for task", RelationType.ADDRESSES, _line(r"(?P<head>e\d+[MH] )(?:NOUN )?(?:for|in) (?P<tail>LIST[T] )")),
    Between("x-based y", RelationType.USES, _line(r"(?P<tail>e\d+[MH] )- ?based (?P<head>e\d+[MH] )"), Role.COMPONENT),
)  # fmt: skip
