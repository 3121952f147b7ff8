"""Assessments as the API shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.model import rfc3339

from promises.domain.assessments import REASONS
from promises.domain.figures import BUCKETS
from promises.views import View


def assessment(row: Mapping[str, Any], changed_at: datetime | None) -> View:
    """What a person judged; `outdated` when the evidence changed after it was recorded."""
    verdict, reason = BUCKETS[row["verdict"]], REASONS.get(row["reason_code"])
    return {
        "assessment_id": str(row["assessment_id"]),
        "period": row["period"],
        "organisation": row["organisation"],
        "role": row["role"],
        "verdict": row["verdict"],
        "verdict_sv": verdict.sv,
        "verdict_en": verdict.en,
        "reason_code": row["reason_code"],
        "reason_sv": reason.sv if reason else None,
        "reason_en": reason.en if reason else None,
        "text": row["text"],
        "assessed_on": row["assessed_on"].isoformat(),
        "recorded_at": rfc3339(row["recorded_at"]),
        "outdated": changed_at is not None and changed_at > row["recorded_at"],
    }
