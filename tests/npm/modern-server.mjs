// A server of the revision 2026-07-28 on the official SDK, with the tools, prompts and resources that the conformance scenarios call. Listens on PORT of localhost.
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { createMcpHandler, inputRequired, McpServer, ProtocolError, ResourceTemplate } from "@modelcontextprotocol/server";

const image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const sound = Buffer.from("RIFF$\0\0\0WAVEfmt ", "latin1").toString("base64");
const text = (value) => ({ type: "text", text: value });
const texts = (...values) => ({ content: values.map(text) });
const resource = (uri) => ({ type: "resource", resource: { uri, mimeType: "text/plain", text: "A resource inside another answer." } });
const user = (content) => ({ role: "user", content });
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

// What the SDK asks of a schema, over plain JSON Schema.
const schema = (properties = {}) => {
  const json = { type: "object", properties, required: Object.keys(properties) };
  const validate = (value) => ({ value: value ?? {} });
  return { "~standard": { version: 1, vendor: "test", validate, jsonSchema: { input: () => json, output: () => json } } };
};
const word = { type: "string" };
const form = (name) => ({ type: "object", properties: { [name]: word }, required: [name] });
const ask = (name) => inputRequired.elicit({ message: `Which ${name}?`, requestedSchema: form(name) });
const sample = () => inputRequired.createMessage({ messages: [user(text("What is the capital of France?"))], maxTokens: 100 });

function build() {
  const server = new McpServer({ name: "modern", version: "1" }, {
    capabilities: { tools: { listChanged: true }, prompts: { listChanged: true }, logging: {}, completions: {} },
  });
  const tool = (name, run, properties) => server.registerTool(name, { description: name, inputSchema: schema(properties) }, run);

  tool("test_simple_text", () => texts("Only a text."));
  tool("test_image_content", () => ({ content: [{ type: "image", data: image, mimeType: "image/png" }] }));
  tool("test_audio_content", () => ({ content: [{ type: "audio", data: sound, mimeType: "audio/wav" }] }));
  tool("test_embedded_resource", () => ({ content: [resource("test://embedded-resource")] }));
  tool("test_multiple_content_types", () => ({ content: [text("Several."), { type: "image", data: image, mimeType: "image/png" }, resource("test://mixed-content-resource")] }));
  tool("test_error_handling", () => ({ ...texts("It fails on purpose."), isError: true }));
  tool("test_tool_with_progress", async (_, context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) await context.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
      await pause();
    }
    return texts("Done.");
  });
  tool("test_logging_tool", () => texts("Nothing to log."));
  tool("test_header", ({ region }) => texts(`In ${region}.`), { region: { ...word, "x-mcp-header": "Region" } });
  tool("test_missing_capability", () => inputRequired({ inputRequests: { question: sample() } }));
  tool("test_streaming_elicitation", (_, context) => (context.mcpReq.inputResponses ? texts("Answered.") : inputRequired({ inputRequests: { name: ask("name") } })));

  const rounds = (name, first) =>
    tool(name, (_, context) => (context.mcpReq.inputResponses ? texts(`Heard: ${JSON.stringify(context.mcpReq.inputResponses)}`) : inputRequired(first())));
  rounds("test_input_required_result_elicitation", () => ({ inputRequests: { user_name: ask("name") } }));
  rounds("test_input_required_result_sampling", () => ({ inputRequests: { capital_question: sample() } }));
  rounds("test_input_required_result_list_roots", () => ({ inputRequests: { client_roots: inputRequired.listRoots() } }));
  rounds("test_input_required_result_request_state", () => ({ inputRequests: { confirm: ask("confirm") }, requestState: "state-ok" }));
  rounds("test_input_required_result_multiple_inputs", () => ({
    inputRequests: { user_name: ask("name"), greeting: sample(), client_roots: inputRequired.listRoots() },
    requestState: "several",
  }));
  tool("test_input_required_result_multi_round", (_, context) => {
    const responses = context.mcpReq.inputResponses ?? {};
    if (responses.step2) return texts("Both rounds are over.");
    return responses.step1
      ? inputRequired({ inputRequests: { step2: ask("color") }, requestState: "round-2" })
      : inputRequired({ inputRequests: { step1: ask("name") }, requestState: "round-1" });
  });
  tool("test_input_required_result_tampered_state", (_, context) => {
    if (!context.mcpReq.inputResponses) return inputRequired({ inputRequests: { confirm: ask("ok") }, requestState: "sealed" });
    if (context.mcpReq.requestState !== "sealed") throw new ProtocolError(-32602, "The state was changed.");
    return texts("The state is whole.");
  });
  tool("test_input_required_result_capabilities", () => inputRequired({ inputRequests: { question: sample() } }));
  tool("test_trigger_tool_change", () => (handler.notify.toolsChanged(), texts("Changed.")));
  tool("test_trigger_prompt_change", () => (handler.notify.promptsChanged(), texts("Changed.")));

  const prompt = (name, run, properties) => server.registerPrompt(name, { description: name, argsSchema: properties && schema(properties) }, run);
  prompt("test_simple_prompt", () => ({ messages: [user(text("A prompt."))] }));
  prompt("test_prompt_with_arguments", ({ arg1, arg2 }) => ({ messages: [user(text(`${arg1} and ${arg2}`))] }), { arg1: word, arg2: word });
  prompt("test_prompt_with_embedded_resource", ({ resourceUri }) => ({ messages: [user(resource(resourceUri))] }), { resourceUri: word });
  prompt("test_prompt_with_image", () => ({ messages: [user({ type: "image", data: image, mimeType: "image/png" })] }));
  prompt("test_input_required_result_prompt", (context) =>
    context.mcpReq.inputResponses ? { messages: [user(text("With a context."))] } : inputRequired({ inputRequests: { user_context: ask("context") } }),
  );
  server.server.setRequestHandler("completion/complete", () => ({ completion: { values: ["one"] } }));

  server.registerResource("text", "test://static-text", { mimeType: "text/plain" }, (uri) => ({ contents: [{ uri: uri.href, mimeType: "text/plain", text: "Static." }] }));
  server.registerResource("binary", "test://static-binary", { mimeType: "image/png" }, (uri) => ({ contents: [{ uri: uri.href, mimeType: "image/png", blob: image }] }));
  server.registerResource("template", new ResourceTemplate("test://template/{id}/data", { list: undefined }), { mimeType: "application/json" }, (uri, { id }) => ({
    contents: [{ uri: uri.href, mimeType: "application/json", text: JSON.stringify({ id }) }],
  }));
  return server;
}

const handler = createMcpHandler(build, { legacy: "reject" });

createServer(async (request, response) => {
  const body = request.method === "POST" ? Readable.toWeb(request) : undefined;
  const ended = new AbortController();
  response.on("close", () => ended.abort());
  const answer = await handler.fetch(
    new Request(`http://${request.headers.host}${request.url}`, { method: request.method, headers: request.headers, body, duplex: "half", signal: ended.signal }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body) Readable.fromWeb(answer.body).on("error", () => response.destroy()).pipe(response);
  else response.end();
}).listen(Number(process.env.PORT), "localhost");
