"""Only the times of rules and routes are shortened, each by the same factor."""

from tests.alerts.shortened import shortened

LONG = """
group_wait: 30s
repeat_interval: 7d
expr: min_over_time(max by (service) (mails{state="5m"} > 60)[1h:1m]) > rate(x_seconds[5m] offset 1d) or age > 26 * 3600
for: 10m # so long
keep_firing_for: 6m
"""
SHORT = """
group_wait: 500ms
repeat_interval: 10080000ms
expr: min_over_time(max by (service) (mails{state="5m"} > 60)[60000ms:1000ms]) > rate(x_seconds[5000ms] offset 1440000ms) or age > 26 * 3600
for: 10000ms # so long
keep_firing_for: 6000ms
"""  # noqa: E501


def test_every_time_is_so_many_times_shorter_and_nothing_else_is_touched() -> None:
    assert shortened(LONG, 60) == SHORT
