package toolgateway

# METADATA
# scope: document
# description: >-
#   What the caller may see among input.candidates: tools by their names, and prompts and resources by the action
#   that fetches them with the name or address behind it. What is not visible cannot be called, so this looks only
#   at what does not depend on other arguments or intent.
# entrypoint: true
visible contains candidate if {
	some candidate in input.candidates
	tool_grants[candidate]
}

visible contains candidate if {
	some candidate in input.candidates
	some method in {"mcp:prompts/get", "mcp:resources/read"}
	startswith(candidate, concat("", [method, "/"]))
	item_granted(tool_grants[method], trim_prefix(candidate, concat("", [method, "/"])))
}

# What the caller is granted of the tool, when it may ask at all.
tool_grants := data.toolgateway.grants[input.subject.properties.name][input.resource.id] if {
	known_agent
	same_or_shared("environment")
	same_or_shared("tenant")
}
