package toolgateway_test

import data.toolgateway

listing := object.union(mcp_call("mcp:tools/list"), {"candidates": ["delete_file", "read_file", "write_file"]})

visible_to(call) := actions if {
	actions := toolgateway.visible with input as call with data.toolgateway.grants as grants
}

test_granted_actions_are_visible if {
	visible_to(listing) == {"read_file"}
}

test_nothing_is_visible[note] if {
	some note, change in {
		"to a canary": {"type": "canary"},
		"to a user": {"type": "user"},
		"to an unregistered agent": {"properties": {"registered": false}},
		"to a stranger": {"properties": {"name": "stranger"}},
		"in another tenant": {"properties": {"tenant": "globex"}},
		"in another environment": {"properties": {"environment": "test"}},
	}
	visible_to(object.union(listing, {"subject": change})) == set()
}

test_nothing_is_visible_without_candidates if {
	visible_to(mcp_call("mcp:tools/list")) == set()
}

# What can be called must be visible.
test_callable_implies_visible if {
	every action in {"read_file", "delete_file"} {
		implies(allowed(action), action in visible_to(listing))
	}
}

allowed(action) := decision.allow if {
	call := object.union(mcp_call(action), {"action": {"properties": {"risk": "low", "effect": "read"}}})
	decision := toolgateway.decision with input as call with data.toolgateway.grants as grants
}

implies(true, true) := true

implies(false, _) := true
