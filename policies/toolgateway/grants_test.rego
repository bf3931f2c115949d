package toolgateway_test

import data.toolgateway

test_action_without_grant if {
	reasons_of(object.union(read_call, {"action": {"name": "customers.delete"}})) == {"not_granted"}
}

test_tool_without_grant if {
	reasons_of(object.union(read_call, {"resource": {"id": "billing"}})) == {"not_granted"}
}

test_amount[note] if {
	some note, tc in {
		"within": {"amount": 40, "reasons": set()},
		"at the limit": {"amount": 100, "reasons": set()},
		"over": {"amount": 100.01, "reasons": {"argument_over_limit"}},
		"under": {"amount": 0, "reasons": {"argument_under_limit"}},
		"negative": {"amount": -5, "reasons": {"argument_under_limit"}},
		"null": {"amount": null, "reasons": {"argument_invalid"}},
		"text": {"amount": "40", "reasons": {"argument_invalid"}},
		"false": {"amount": false, "reasons": {"argument_invalid"}},
		"list": {"amount": [40], "reasons": {"argument_invalid"}},
		"object": {"amount": {"value": 40}, "reasons": {"argument_invalid"}},
	}
	reasons_of(refund_of(tc.amount)) == tc.reasons
}

test_missing_amount if {
	reasons_of(json.remove(refund_call, ["/context/arguments/body/amount"])) == {"argument_invalid"}
}

test_missing_body if {
	reasons_of(json.remove(refund_call, ["/context/arguments/body"])) == {"argument_invalid"}
}

test_body_that_is_no_object[note] if {
	some note, body in {"null": null, "list": [40], "number": 40}
	reasons_of(json.patch(refund_call, [{"op": "replace", "path": "/context/arguments/body", "value": body}])) == {"argument_invalid"}
}

test_negative_amount_is_refused_without_a_lower_limit if {
	limited := {"support": {"crm": {"refunds.create": {"limits": [{"argument": ["body", "amount"], "max": 100}]}}}}
	decision := toolgateway.decision with input as refund_of(-5) with data.toolgateway.grants as limited
	decision.reasons == {"argument_under_limit"}
}

test_purpose_that_is_not_granted if {
	call := object.union(refund_call, {"context": {"intent": {"purpose": "goodwill"}}})
	reasons_of(call) == {"purpose_not_granted"}
}

test_task[note] if {
	some note, tc in {
		"matches": {"task": "report-2026-11", "reasons": set()},
		"does not match": {"task": "T-1", "reasons": {"task_not_granted"}},
		"none": {"task": null, "reasons": {"task_not_granted", "intent_unverified"}},
	}
	call := object.union(read_call, {
		"action": {"name": "reports.export", "properties": {"risk": "high", "effect": "export"}},
		"context": {"intent": {"task": tc.task, "purpose": null, "verified": true}},
	})
	reasons_of(call) == tc.reasons
}

# A grant that was written wrongly grants nothing.
test_malformed_grant[note] if {
	some note, grant in {
		"misspelt member": {"limit": [{"argument": ["body", "amount"], "max": 100}]},
		"misspelt limit": {"limits": [{"argument": ["body", "amount"], "maximum": 100}]},
		"limit as text": {"limits": [{"argument": ["body", "amount"], "max": "100"}]},
		"limit as object": {"limits": {"amount": 100}},
		"purposes as text": {"purposes": "refund-order"},
		"tasks turned off": {"tasks": false},
	}
	decision := toolgateway.decision with input as refund_call
		with data.toolgateway.grants as {"support": {"crm": {"refunds.create": grant}}}
	not decision.allow
	"grant_invalid" in decision.reasons
}

test_grant_turned_off if {
	decision := toolgateway.decision with input as read_call
		with data.toolgateway.grants as {"support": {"crm": {"customers.read": false}}}
	decision.reasons == {"not_granted"}
}

# The shipped data itself.
test_shipped_grants_are_valid if {
	every agent_name, tools in data.toolgateway.grants {
		every tool_name, actions in tools {
			every action_name, _ in actions {
				not shipped_grant_invalid(agent_name, tool_name, action_name)
			}
		}
	}
}

shipped_grant_invalid(agent_name, tool_name, action_name) if {
	call := object.union(read_call, {
		"subject": {"properties": {"name": agent_name}},
		"action": {"name": action_name},
		"resource": {"id": tool_name},
	})
	reasons := toolgateway.decision.reasons with input as call
	count(reasons & {"grant_invalid", "not_granted"}) > 0
}

prompt(name) := object.union(mcp_call("mcp:prompts/get"), {"context": {"intent": {"task": "T-1"}, "arguments": {"body": {"name": name}}}})

resource(method, address) := object.union(mcp_call(method), {"context": {"intent": {"task": "T-1"}, "arguments": {"body": {"uri": address}}}})

test_items[note] if {
	some note, tc in {
		"prompt": {"call": prompt("greet"), "reasons": set()},
		"other prompt": {"call": prompt("admin"), "reasons": {"item_not_granted"}},
		"prompt without a name": {"call": prompt(null), "reasons": {"item_not_granted"}},
		"resource": {"call": resource("mcp:resources/read", "file:///public/a.txt"), "reasons": set()},
		"other resource": {"call": resource("mcp:resources/read", "file:///payroll.csv"), "reasons": {"item_not_granted"}},
		"resource without an address": {"call": prompt_as_resource, "reasons": {"item_not_granted"}},
		"other method": {"call": resource("mcp:resources/subscribe", "file:///public/a.txt"), "reasons": {"not_granted"}},
	}
	reasons_of(tc.call) == tc.reasons
}

prompt_as_resource := object.union(prompt("file:///public/a.txt"), {"action": {"name": "mcp:resources/read"}})

test_items_that_are_no_list_grant_nothing if {
	decision := toolgateway.decision with input as prompt("greet")
		with data.toolgateway.grants as {"support": {"files": {"mcp:prompts/get": {"items": null}}}}
	decision.reasons == {"grant_invalid", "item_not_granted"}
}
