"""What the product keeps of a standing beside what the reference fold says."""

from fractions import Fraction
from pathlib import Path

from ruamel.yaml import YAML

from tests.reference.fold import REASONS, Dict, Key

COMPARED = (
    *("phase", "verdict", "pace", "at_risk", "overdue", "counted", "progress", "missing", "slots"),
    *("needs_assessment", "partner_missing", "reasons"),
)


def read(path: Path) -> Dict:
    """A catalogue file as the fold takes it."""
    catalogue: Dict = YAML(typ="safe").load(path)
    known = YAML(typ="safe").load(path.parent / catalogue["organisations"])
    return catalogue | {"organisations": {each["id"]: each["kind"] for each in known["organisations"]}}


def differences(kept: dict[Key, Dict], expected: dict[Key, Dict]) -> list[str]:
    """A sentence for each thing that differs; `kept` are the product's own, as JSON, `expected` the fold's."""
    begun = {key for key, standing in expected.items() if standing["phase"] != "not_started"}
    found = [f"{key} was never judged" for key in sorted(begun - set(kept))]
    found += [f"{key} was judged and is not promised" for key in sorted(set(kept) - set(expected))]
    for key in sorted(set(kept) & set(expected)):
        mine, told = _shown(kept[key]), expected[key]
        names = [name for name in COMPARED if name in told and mine[name] != told[name]]
        found += [f"{key} {name}: {mine[name]}, not {told[name]}" for name in names]
    return found


def _shown(kept: Dict) -> Dict:
    """What the product keeps, in the fold's words."""
    none = any(item["code"] == "baseline" for item in kept["missing"])
    items = [item for item in kept["missing"] if item["code"] in {"slot", "focus", "total", "period"}]
    return kept | {
        "progress": None if none else Fraction(kept["progress"]),
        "missing": {item["of"] or "total": item["need"] - item["count"] for item in items},
        "reasons": {each["code"] for each in kept["reasons"]} & REASONS,
        "slots": {slot["slot"]: (slot["state"], slot["count"], slot["need"]) for slot in kept["slots"]},
    }
