"""Imports `contracts` before pytest names a test folder after it."""

import contracts  # noqa: F401
