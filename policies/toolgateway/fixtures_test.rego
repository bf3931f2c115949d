package toolgateway_test

# One call of each kind that the tests change in one place at a time.

agent := {
	"type": "agent",
	"id": "spiffe://acme.test/agent/support",
	"properties": {
		"authentication": "mtls",
		"name": "support",
		"registered": true,
		"owner": "team-support@acme.test",
		"environment": "prod",
		"tenant": "acme",
		"review_overdue": false,
		"issuer": null,
		"claims": {},
	},
}

tool := {
	"type": "tool",
	"id": "crm",
	"properties": {
		"protocol": "http",
		"owner": "team-crm@acme.test",
		"environment": "prod",
		"tenant": "acme",
		"data": ["pii"],
		"destination": "internal",
	},
}

no_intent := {"task": null, "purpose": null, "verified": false}

verified_refund := {"task": "T-1", "purpose": "refund-order", "verified": true}

read_call := {
	"subject": agent,
	"action": {"name": "customers.read", "properties": {"method": "GET", "risk": "low", "effect": "read"}},
	"resource": tool,
	"context": {
		"arguments": {"path": {"id": "42"}, "query": {}, "body": null},
		"intent": no_intent,
		"delegation": null,
		"mcp": null,
		"request": {"id": "c-1", "remote_address": "10.0.0.7", "time": "2026-11-22T05:16:51.051Z"},
	},
}

refund_call := object.union(read_call, {
	"action": {"name": "refunds.create", "properties": {"method": "POST", "risk": "high", "effect": "write"}},
	"context": {
		"arguments": {"path": {}, "body": {"order": "A-17", "amount": 40}},
		"intent": verified_refund,
	},
})

refund_of(amount) := object.union(refund_call, {"context": {"arguments": {"body": {"amount": amount}}}})

mcp_call(action) := object.union(read_call, {
	"action": {"name": action, "properties": {"method": "POST", "risk": "medium", "effect": "write"}},
	"resource": {"id": "files", "properties": {"protocol": "mcp"}},
	"context": {"mcp": {"method": "tools/call", "version": "2026-07-28", "input_responses": null, "request_state_digest": null}},
})

grants := {"support": {
	"crm": {
		"customers.read": {"cache_seconds": 5, "obligations": [{"type": "redact_response", "pointers": ["/ssn"]}]},
		"orders.update": {},
		"refunds.create": {"purposes": ["refund-order"], "limits": [{"argument": ["body", "amount"], "min": 1, "max": 100}]},
		"reports.export": {"tasks": ["report-*"]},
	},
	"files": {
		"read_file": {},
		"mcp:prompts/get": {"items": ["greet", "docs-*"]},
		"mcp:resources/read": {"items": ["file:///public/*"]},
	},
	"wiki": {"mcp:prompts/get": {}},
}}
