package toolgateway

# Who may ask at all: a registered agent in the tool's environment and tenant.

known_agent if {
	input.subject.type == "agent"
	input.subject.properties.registered == true
}

# The gateway's own health question. It must be denied, which shows that the policy answers and does not allow everything.
reasons contains "canary" if input.subject.type == "canary"

# A user needs an agent that acts on the user's behalf (input.context.delegation).
reasons contains "agent_required" if not agent_or_canary

agent_or_canary if input.subject.type in {"agent", "canary"}

reasons contains "agent_unregistered" if {
	input.subject.type == "agent"
	not known_agent
}

reasons contains "environment_mismatch" if {
	known_agent
	not same_or_shared("environment")
}

reasons contains "tenant_mismatch" if {
	known_agent
	not same_or_shared("tenant")
}

# A tool without an environment or tenant is shared.
same_or_shared(property) if input.resource.properties[property] == null

same_or_shared(property) if {
	input.resource.properties[property] != null
	input.subject.properties[property] == input.resource.properties[property]
}
