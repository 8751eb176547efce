"""What Crosswalk answers with: plain records, the same content for people, JSON and data frames.

An open end of an interval is ``None``, never a huge number; the reason stands beside it. Values are
kg CO2e per declared unit unless a field says otherwise.
"""

from crosswalk.results.asks import Ask, Asks, Judged, Within
from crosswalk.results.base import (
    ORDER,
    Answer,
    Cited,
    Class,
    Inconsistency,
    KnowledgeId,
    Range,
    Unused,
    to_plain,
)
from crosswalk.results.comparison import Candidate, Comparison, Difference, Plan, Planned, Relation
from crosswalk.results.conversion import (
    Assumed,
    AssumptionUsed,
    Conversion,
    Gap,
    Line,
    OpenOption,
    Side,
    Step,
)
from crosswalk.results.coverage import Coverage
from crosswalk.results.flip import Flip, Turn
from crosswalk.results.inspection import (
    Behind,
    Chosen,
    Disclosed,
    How,
    IdentityCheck,
    Inspection,
    Said,
    Understood,
    Verdict,
)
from crosswalk.results.lists import ProfileList, RegimeEntry, RegimeList, RuleList
from crosswalk.results.per import PerUnit, PropertyUsed
from crosswalk.results.recognition import AskField, ClaimError, ClaimVerdict, LevelOutcome, Reason, Verdicts
from crosswalk.results.reconciliation import (
    Compared,
    Figure,
    Reconciliation,
    Series,
    Share,
    Suspect,
    Unsettled,
    Wanted,
    Which,
)
from crosswalk.results.uncertainty import Drawn, Moved, PBox, Percentiles, Uncertainty
from crosswalk.results.whatif import Change, Outcome, Shift, WhatIf

__all__ = [
    "ORDER",
    "Answer",
    "Ask",
    "AskField",
    "Asks",
    "Assumed",
    "AssumptionUsed",
    "Behind",
    "Candidate",
    "Change",
    "Chosen",
    "Cited",
    "ClaimError",
    "ClaimVerdict",
    "Class",
    "Compared",
    "Comparison",
    "Conversion",
    "Coverage",
    "Difference",
    "Disclosed",
    "Drawn",
    "Figure",
    "Flip",
    "Gap",
    "How",
    "IdentityCheck",
    "Inconsistency",
    "Inspection",
    "Judged",
    "KnowledgeId",
    "LevelOutcome",
    "Line",
    "Moved",
    "OpenOption",
    "Outcome",
    "PBox",
    "PerUnit",
    "Percentiles",
    "Plan",
    "Planned",
    "ProfileList",
    "PropertyUsed",
    "Range",
    "Reason",
    "Reconciliation",
    "RegimeEntry",
    "RegimeList",
    "Relation",
    "RuleList",
    "Said",
    "Series",
    "Share",
    "Shift",
    "Side",
    "Step",
    "Suspect",
    "Turn",
    "Uncertainty",
    "Understood",
    "Unsettled",
    "Unused",
    "Verdict",
    "Verdicts",
    "Wanted",
    "WhatIf",
    "Which",
    "Within",
    "to_plain",
]
