// The official SDK's client against the server at argv[2], which the tool argv[3] is denied on. Prints what it saw as JSON.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpError } from "@modelcontextprotocol/sdk/types.js";

const [, , url, denied] = process.argv;
const client = new Client({ name: "test", version: "1" });
const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${process.env.TOKEN}` } } });

async function refusalOf(call) {
  try {
    return { result: await call() };
  } catch (error) {
    return { isMcpError: error instanceof McpError, code: error.code, reasons: error.data?.reasons, decision: error.data?.decision_id };
  }
}

const echo = (message) => client.callTool({ name: "echo", arguments: { message } });

await client.connect(transport);
const seen = {
  tools: (await client.listTools()).tools.map((tool) => tool.name),
  first: (await echo("one")).content[0].text,
  denied: await refusalOf(() => client.callTool({ name: denied, arguments: {} })),
  unknown: await refusalOf(() => client.callTool({ name: "get-env", arguments: {} })),
  second: (await echo("two")).content[0].text,
  session: transport.sessionId,
  version: transport.protocolVersion,
};
await transport.terminateSession();
await client.close();
console.log(JSON.stringify(seen));
