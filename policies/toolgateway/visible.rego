package toolgateway

# METADATA
# scope: document
# description: >-
#   The actions among input.candidates that the caller may see. What is not visible cannot be called, so this
#   looks only at what does not depend on arguments or intent.
# entrypoint: true
visible contains action if {
	known_agent
	same_or_shared("environment")
	same_or_shared("tenant")
	some action in input.candidates
	data.toolgateway.grants[input.subject.properties.name][input.resource.id][action]
}
