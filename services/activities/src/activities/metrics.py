"""What came through the doors."""

from prometheus_client import Counter

ACCEPTED = Counter("lofteskollen_activities_accepted_total", "Commands accepted, by door and kind.", ["door", "kind"])
REFUSED = Counter("lofteskollen_activities_refused_total", "Commands refused, by door and code.", ["door", "code"])
