"""The limit of the HTTP door, a process of its own: a bare ASGI app that does one INSERT a request."""

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

TABLE = "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id text, body jsonb)"


@asynccontextmanager
async def _pool(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["BENCH_DSN"], min_size=1, max_size=10) as pool:
        await pool.execute(TABLE)
        app.state.pool = pool
        yield


async def _insert(request: Request) -> JSONResponse:
    body = json.loads(await request.body())
    pool: asyncpg.Pool = request.app.state.pool
    await pool.execute("INSERT INTO bare (event_id, body) VALUES ($1, $2)", body["event_id"], json.dumps(body))
    return JSONResponse({"event_id": body["event_id"]}, 201)


app = Starlette(routes=[Route("/", _insert, methods=["POST"])], lifespan=_pool)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False)
