package toolgateway_test

import data.toolgateway

test_granted_low_risk_read_is_allowed if {
	toolgateway.decision == {
		"allow": true,
		"reasons": set(),
		"obligations": {{"type": "redact_response", "pointers": ["/ssn"]}},
		"cache_seconds": 5,
	} with input as read_call with data.toolgateway.grants as grants
}

test_elevated_call_is_recorded_on_disk_first if {
	decision := toolgateway.decision with input as refund_call with data.toolgateway.grants as grants
	decision.allow
	{"type": "audit_synced"} in decision.obligations
}

test_denial_has_no_obligations_and_is_not_reused if {
	toolgateway.decision == {
		"allow": false,
		"reasons": {"environment_mismatch"},
		"obligations": set(),
		"cache_seconds": 0,
	} with input as object.union(read_call, {"resource": {"properties": {"environment": "test"}}})
		with data.toolgateway.grants as grants
}

test_nothing_is_allowed_without_input if {
	decision := toolgateway.decision with input as {} with data.toolgateway.grants as grants
	not decision.allow
	count(decision.reasons) > 0
}

test_nothing_is_allowed_without_data if {
	decision := toolgateway.decision with input as read_call with data.toolgateway.grants as {}
	decision.reasons == {"not_granted"}
	not decision.allow
}

# Taking any one fact away from an allowed call must never leave it allowed without a reason.
test_every_denial_has_a_reason[note] if {
	some note, path in {
		"no subject": "/subject",
		"no type": "/subject/type",
		"no registration": "/subject/properties/registered",
		"no agent name": "/subject/properties/name",
		"no tenant": "/subject/properties/tenant",
		"no authentication": "/subject/properties/authentication",
		"no action": "/action/name",
		"no risk": "/action/properties/risk",
		"no resource": "/resource",
		"no arguments": "/context/arguments",
		"no intent": "/context/intent",
	}
	call := json.remove(refund_call, [path])
	decision := toolgateway.decision with input as call with data.toolgateway.grants as grants
	is_needed := path != "/action/properties/risk"
	denied_with_reason(decision) == is_needed
}

default denied_with_reason(_) := false

denied_with_reason(decision) if {
	not decision.allow
	count(decision.reasons) > 0
}
