"""Personal data in a report is refused, naming the field and what it looks like, and is repeated nowhere."""

from collections.abc import Iterable

from contracts.personal import looks_like, name_looks_like

from activities.domain.refusal import RefusalError

PERSONAL_DATA = "personal_data"
NOT_KEPT = "(not kept)"


def check_texts(texts: Iterable[tuple[str, str | None]]) -> None:
    """Refuse what names or singles out a person, in any of these (field, text).

    Raises:
        RefusalError: `personal_data`; the text is not repeated.
    """
    for field, text in texts:
        if text and (what := looks_like(text)):
            raise _refusal(field, what)


def check_names(names: Iterable[tuple[str, str | None]]) -> None:
    """The same for names that systems make, in any of these (field, name): only what no counter comes to.

    Raises:
        RefusalError: `personal_data`; the name is not repeated.
    """
    for field, name in names:
        if name is not None and (what := name_looks_like(name)):
            raise _refusal(field, what)


def kept_name(name: str) -> str:
    """A name as it may be kept with a refusal."""
    return NOT_KEPT if name_looks_like(name) else name


def _refusal(field: str, what: str) -> RefusalError:
    return RefusalError(PERSONAL_DATA, field, f"it looks like it holds {what}; describe what was done, not who")
