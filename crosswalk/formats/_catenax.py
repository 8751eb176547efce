"""The groups in which Catena-X model 9.0.0 wraps its properties, each a list of one object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crosswalk.formats import _read
from crosswalk.formats._read import Problems

_GROUPS = frozenset(
    {
        "allocationInForeground",
        "boundarySpecifications",
        "carbonContent",
        "companyAndProductInformation",
        "companyInformation",
        "dataSourcesAndQuality",
        "distributionStage",
        "general",
        "geography",
        "gwpCharacterizationFactorDetails",
        "idAndVersion",
        "massBalancingInformation",
        "packagingStage",
        "pcfAssessmentAndMethodology",
        "pcfAssessmentInformation",
        "pcfMethodology",
        "productInformation",
        "productLifeCycleStagesAndEmissions",
        "productionStage",
        "scopeOfPcfForm",
        "standards",
        "technology",
        "time",
        "verificationAndCertificationShares",
    }
)


def leaves(payload: dict[str, Any], problems: Problems, at: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield name, path and value of every property, the groups opened.

    A group with several entries is a problem: which of them is meant is not said.
    """
    for name, value in payload.items():
        path = f"{at}{name}"
        if name not in _GROUPS:
            yield name, path, value
            continue
        if isinstance(value, list):
            if len(value) > 1:
                problems.add(path, "footprint-entries", count=len(value))
            value, path = (value[0] if value else None), f"{path}[0]"
        if value is not None and _read.typed(value, dict, path, problems):
            yield from leaves(value, problems, f"{path}.")


def group(path: str) -> str:
    """Return the path of the group a property stands in.

    >>> group("a[0].b[0].c")
    'a.b'
    """
    return path.replace("[0]", "").rpartition(".")[0]
