"""What the player needs of docker-compose.yml, as far as it can be tried without containers."""

import asyncio
import subprocess
import sys

import httpx
from local.compose import Compose

LISTED = {
    "total": 2,
    "messages": [
        {"ID": "b", "MessageID": "2@x", "To": [{"Address": "b@x"}, {"Address": "c@x"}], "Subject": "B", "Snippet": "…"},
        {"ID": "a", "MessageID": "1@x", "To": [{"Address": "a@x"}], "Subject": "A", "Snippet": "…"},
    ],
}


def test_mailpits_list_is_told_oldest_first_with_the_ids_that_mails_carry() -> None:
    async def mails() -> list[dict[str, str]]:
        answers = httpx.MockTransport(lambda _: httpx.Response(200, json=LISTED))
        async with httpx.AsyncClient(transport=answers) as http:
            return await Compose().mails(http)

    found = asyncio.run(mails())
    assert [(each["message_id"], each["to"]) for each in found] == [("<1@x>", "a@x"), ("<2@x>", "b@x, c@x")]


def test_nothing_is_played_where_no_service_follows_the_time_of_a_demonstration() -> None:
    command = [sys.executable, "-m", "local", "play"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "http://promises:9000" in done.stderr
    assert "so nothing was played" in done.stderr
