package toolgateway_test

import data.toolgateway

listing := object.union(mcp_call("mcp:tools/list"), {"candidates": ["delete_file", "read_file", "write_file"]})

visible_to(call) := actions if {
	actions := toolgateway.visible with input as call with data.toolgateway.grants as grants
}

test_granted_actions_are_visible if {
	visible_to(listing) == {"read_file"}
}

test_items_of_a_grant_are_visible[note] if {
	some note, tc in {
		"prompt by name": {"candidate": "mcp:prompts/get/greet", "visible": true},
		"prompt by pattern": {"candidate": "mcp:prompts/get/docs-intro", "visible": true},
		"other prompt": {"candidate": "mcp:prompts/get/admin", "visible": false},
		"prompt that only begins alike": {"candidate": "mcp:prompts/get/greet-all", "visible": false},
		"resource below": {"candidate": "mcp:resources/read/file:///public/a/b.txt", "visible": true},
		"template below": {"candidate": "mcp:resources/read/file:///public/{name}", "visible": true},
		"other resource": {"candidate": "mcp:resources/read/file:///payroll.csv", "visible": false},
		"resource named as a prompt": {"candidate": "mcp:resources/read/greet", "visible": false},
		"prompt named as a tool": {"candidate": "mcp:prompts/get/read_file", "visible": false},
		"tool named as a prompt": {"candidate": "greet", "visible": false},
	}
	seen := visible_to(object.union(listing, {"candidates": [tc.candidate]}))
	is_seen := tc.candidate in seen
	tc.visible == is_seen
}

test_every_item_of_a_grant_without_items_is_visible if {
	wiki := object.union(listing, {"resource": {"id": "wiki"}, "candidates": ["mcp:prompts/get/any", "mcp:resources/read/any"]})
	visible_to(wiki) == {"mcp:prompts/get/any"}
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
