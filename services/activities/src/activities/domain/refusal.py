"""Why a report is not accepted, said so that its sender can mend it."""


class RefusalError(Exception):
    """A report that is not accepted: `code` is a stable word, the message says what to mend in which `field`.

    A field is named as the sender wrote it, a part of a list by its number from 0: `themes.0`. What the sender wrote
    there is not repeated. One `by_catalogue` holds only as far as the catalogue has been read.
    """

    def __init__(self, code: str, field: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.field = field
        self.detail = detail
        self.by_catalogue = False


def unknown_activity() -> RefusalError:
    """There is none, or none for this sender: the two are not told apart."""
    return RefusalError("unknown_activity", "activity_id", "there is no such activity; the list shows which there are")
