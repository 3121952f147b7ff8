"""The conftest of a mutation run: no servers are started."""

import contracts  # noqa: F401 - before pytest names a test folder after it
