package toolgateway

# How much proof a granted call needs grows with what it can do.
#   basic     low-risk reads: the grant is enough
#   standard  other reads and writes up to medium risk: the caller says what for
#   elevated  high risk, export, admin, and whatever is not known: a verified task and a workload identity

tier := "basic" if {
	protocol_method
} else := "basic" if {
	input.action.properties.risk == "low"
	input.action.properties.effect == "read"
} else := "standard" if {
	input.action.properties.risk in {"low", "medium"}
	input.action.properties.effect in {"read", "write"}
} else := "elevated"

reasons contains "intent_required" if {
	grant
	tier == "standard"
	not intent_stated
}

intent_stated if input.context.intent.task != null

intent_stated if input.context.intent.purpose != null

# A task that the caller merely claims restricts nothing, so a grant for certain tasks or purposes needs a verified one too.
needs_verified_intent if tier == "elevated"

needs_verified_intent if grant.tasks

needs_verified_intent if grant.purposes

reasons contains "intent_unverified" if {
	grant
	needs_verified_intent
	not verified_task
}

verified_task if {
	input.context.intent.verified == true
	is_string(input.context.intent.task)
	input.context.intent.task != ""
}

reasons contains "workload_identity_required" if {
	grant
	tier == "elevated"
	not workload_identity
}

# An SVID, not a bearer token that merely names one.
workload_identity if {
	startswith(input.subject.id, "spiffe://")
	input.subject.properties.authentication in {"mtls", "mtls+jwt", "jwt_svid"}
}
