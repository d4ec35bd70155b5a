"""Carries bytes between two addresses, so that a program in a network of its own can be reached.

`python relay.py FROM TO`; an address is a path (a Unix socket, which every network sees) or
HOST:PORT. Cutting the network between leaves both ends as a real break does: with nobody told.
"""

import asyncio
import contextlib
import sys

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]
BLOCK = 65_536


async def dial(address: str) -> Pair:
    if "/" in address:
        return await asyncio.open_unix_connection(address)
    host, _, port = address.rpartition(":")
    return await asyncio.open_connection(host, int(port))


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while block := await reader.read(BLOCK):
            writer.write(block)
            await writer.drain()
    writer.close()


async def main(here: str, there: str) -> None:
    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await dial(there)
        except OSError:
            writer.close()
            return
        await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))

    if "/" in here:
        server = await asyncio.start_unix_server(carry, here)
    else:
        host, _, port = here.rpartition(":")
        server = await asyncio.start_server(carry, host, int(port))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
