package toolgateway_test

update_call(risk, effect, intent) := object.union(read_call, {
	"action": {"name": "orders.update", "properties": {"method": "PUT", "risk": risk, "effect": effect}},
	"context": {"intent": intent},
})

stated := {"task": null, "purpose": "correct-address", "verified": false}

verified := {"task": "T-1", "purpose": null, "verified": true}

test_tiers[note] if {
	some note, tc in {
		"low read needs nothing": {"risk": "low", "effect": "read", "intent": no_intent, "reasons": set()},
		"low write needs an intent": {"risk": "low", "effect": "write", "intent": no_intent, "reasons": {"intent_required"}},
		"low write with an intent": {"risk": "low", "effect": "write", "intent": stated, "reasons": set()},
		"medium read needs an intent": {"risk": "medium", "effect": "read", "intent": no_intent, "reasons": {"intent_required"}},
		"medium write with an intent": {"risk": "medium", "effect": "write", "intent": stated, "reasons": set()},
		"high read needs a verified task": {"risk": "high", "effect": "read", "intent": stated, "reasons": {"intent_unverified"}},
		"high write with a verified task": {"risk": "high", "effect": "write", "intent": verified, "reasons": set()},
		"low export needs a verified task": {"risk": "low", "effect": "export", "intent": stated, "reasons": {"intent_unverified"}},
		"low admin needs a verified task": {"risk": "low", "effect": "admin", "intent": stated, "reasons": {"intent_unverified"}},
		"unknown risk is the highest": {"risk": "extreme", "effect": "read", "intent": stated, "reasons": {"intent_unverified"}},
		"unknown effect is the highest": {"risk": "low", "effect": "launch", "intent": stated, "reasons": {"intent_unverified"}},
	}
	reasons_of(update_call(tc.risk, tc.effect, tc.intent)) == tc.reasons
}

test_a_verified_purpose_alone_is_no_task if {
	intent := {"task": null, "purpose": "correct-address", "verified": true}
	reasons_of(update_call("high", "write", intent)) == {"intent_unverified"}
}

test_a_claimed_task_does_not_open_a_grant_for_tasks if {
	call := object.union(read_call, {
		"action": {"name": "reports.export", "properties": {"risk": "low", "effect": "read"}},
		"context": {"intent": {"task": "report-1", "purpose": null, "verified": false}},
	})
	reasons_of(call) == {"intent_unverified"}
}

test_identity_for_elevated_calls[note] if {
	some note, tc in {
		"certificate": {"change": {"authentication": "mtls"}, "reasons": set()},
		"certificate and token": {"change": {"authentication": "mtls+jwt"}, "reasons": set()},
		"JWT-SVID": {"change": {"authentication": "jwt_svid"}, "reasons": set()},
		"token that names a SPIFFE id": {"change": {"authentication": "jwt"}, "reasons": {"workload_identity_required"}},
	}
	call := object.union(update_call("high", "write", verified), {"subject": {"properties": tc.change}})
	reasons_of(call) == tc.reasons
}

test_token_identity_is_no_workload_identity if {
	call := object.union(update_call("high", "write", verified), {"subject": {"id": "https://issuer.acme.test#support"}})
	reasons_of(call) == {"workload_identity_required"}
}

test_mcp_protocol_methods_need_no_grant_of_their_own if {
	reasons_of(mcp_call("mcp:initialize")) == set()
	reasons_of(mcp_call("mcp:tools/list")) == set()
}

test_other_mcp_methods_need_a_grant if {
	reasons_of(mcp_call("mcp:resources/subscribe")) == {"not_granted"}
}

test_mcp_protocol_methods_are_for_agents_of_the_tool if {
	call := object.union(mcp_call("mcp:initialize"), {"subject": {"properties": {"name": "stranger"}}})
	reasons_of(call) == {"not_granted"}
}

test_http_action_cannot_pass_as_protocol_method if {
	call := object.union(mcp_call("mcp:initialize"), {"resource": {"properties": {"protocol": "http"}}})
	reasons_of(call) == {"not_granted"}
}
