"""What people call a period: året 2026, läsåret 2025/26, löftesåret 2026/27, januari–april 2026, januari 2026."""

from promises.domain.calendar import Period
from promises.domain.label import Label
from promises.domain.months import EN, SV


def name_of(period: Period) -> Label:
    """The period's name in Swedish and English."""
    first, last = period.window.first, period.window.last
    match period.kind:
        case "year":
            return Label(f"året {period.id}", f"the year {period.id}")
        case "school_year":
            return Label(f"läsåret {period.id}", f"the school year {period.id}")
        case "custom_year":
            return Label(f"löftesåret {period.id}", f"the promise year {period.id}")
        case "month":
            return Label(f"{SV[first.month - 1]} {first.year}", f"{EN[first.month - 1]} {first.year}")
        case _:
            return Label(
                f"{SV[first.month - 1]}–{SV[last.month - 1]} {first.year}",
                f"{EN[first.month - 1]}–{EN[last.month - 1]} {first.year}",
            )
