package toolgateway_test

import data.toolgateway

reasons_of(call) := reasons if {
	reasons := toolgateway.decision.reasons with input as call with data.toolgateway.grants as grants
}

test_subject[note] if {
	some note, tc in {
		"registered agent": {"change": {}, "reasons": set()},
		"canary": {"change": {"type": "canary"}, "reasons": {"canary"}},
		"user without an agent": {"change": {"type": "user"}, "reasons": {"agent_required"}},
		"unknown type": {"change": {"type": "robot"}, "reasons": {"agent_required"}},
		"unregistered": {"change": {"properties": {"registered": false}}, "reasons": {"agent_unregistered"}},
		"other tenant": {"change": {"properties": {"tenant": "globex"}}, "reasons": {"tenant_mismatch"}},
		"no tenant": {"change": {"properties": {"tenant": null}}, "reasons": {"tenant_mismatch"}},
		"other environment": {"change": {"properties": {"environment": "test"}}, "reasons": {"environment_mismatch"}},
		"other agent": {"change": {"properties": {"name": "stranger"}}, "reasons": {"not_granted"}},
	}
	reasons_of(object.union(read_call, {"subject": tc.change})) == tc.reasons
}

test_tool_without_tenant_and_environment_is_shared if {
	reasons_of(object.union(read_call, {"resource": {"properties": {"tenant": null, "environment": null}}})) == set()
}

test_agent_without_tenant_may_use_a_shared_tool if {
	reasons_of(object.union(read_call, {
		"subject": {"properties": {"tenant": null}},
		"resource": {"properties": {"tenant": null}},
	})) == set()
}

test_agent_for_a_user_is_judged_as_the_agent if {
	reasons_of(object.union(read_call, {"context": {"delegation": {"subject": {"type": "user", "id": "https://issuer.acme.test#ada"}}}})) == set()
}
