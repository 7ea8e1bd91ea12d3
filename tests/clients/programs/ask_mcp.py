"""An application that calls an MCP server's tool with what it was given, and uses the session on."""

import asyncio
import sys

from mcp import Client, MCPError
from mcp.client.sse import sse_client

variant, prompt = sys.argv[2], sys.argv[3]


async def main() -> None:
    server = sse_client("https://mcp.deepwiki.com/sse") if variant == "sse" else "https://mcp.deepwiki.com/mcp"
    async with Client(server, read_timeout_seconds=20) as client:
        tool = (await client.list_tools()).tools[0].name
        try:
            print((await client.call_tool(tool, {"question": prompt})).content[0].text)
        except MCPError as error:
            print(f"{type(error).__name__}: {error}")
        await client.list_tools(cache_mode="bypass")


asyncio.run(main())
