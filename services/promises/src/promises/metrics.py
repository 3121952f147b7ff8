"""The projector's figures."""

from prometheus_client import Counter

EVALUATED = Counter("lofteskollen_obligations_evaluated_total", "Obligations evaluated.")
EVALUATION_FAILURES = Counter("lofteskollen_evaluation_failures_total", "Evaluations that failed and are tried again.")
NOTICES = Counter("lofteskollen_notices_total", "Stages told to owners, by stage.", ["stage"])
