package toolgateway

# What an agent may do is data: data.toolgateway.grants[agent][tool][action].

grant := found if {
	found := data.toolgateway.grants[input.subject.properties.name][input.resource.id][input.action.name]
} else := {} if protocol_method

# Methods that every MCP client needs before it can call anything, for agents with any grant for the tool.
protocol_method if {
	input.resource.properties.protocol == "mcp"
	input.action.name in data.toolgateway.protocol_methods
	data.toolgateway.grants[input.subject.properties.name][input.resource.id]
}

reasons contains "not_granted" if {
	known_agent
	not grant
}

# A misspelt member of a grant must not lift a limit.
reasons contains "grant_invalid" if {
	grant
	not grant_valid
}

grant_valid if {
	object.keys(grant) - {"tasks", "purposes", "limits", "items", "obligations", "cache_seconds"} == set()
	is_array(object.get(grant, "tasks", []))
	is_array(object.get(grant, "purposes", []))
	is_array(object.get(grant, "items", []))
	is_array(object.get(grant, "obligations", []))
	is_array(limits)
	every limit in limits {
		limit_valid(limit)
	}
}

# Tasks are patterns (T-* and the like), purposes are names. Either restricts the grant to calls made for them.
reasons contains "task_not_granted" if {
	grant.tasks
	not task_granted
}

task_granted if {
	is_string(input.context.intent.task)
	some pattern in grant.tasks
	glob.match(pattern, null, input.context.intent.task)
}

reasons contains "purpose_not_granted" if {
	grant.purposes
	not purpose_granted
}

purpose_granted if input.context.intent.purpose in grant.purposes

# Items are patterns of prompts' names and resources' addresses (file:///public/* and the like).
reasons contains "item_not_granted" if {
	grant
	not item_granted(grant, item)
}

default item := ""

item := input.context.arguments.body.name if input.action.name == "mcp:prompts/get"

item := input.context.arguments.body.uri if {
	input.action.name in {"mcp:resources/read", "mcp:resources/subscribe", "mcp:resources/unsubscribe"}
}

item_granted(rule, _) if not restricts_items(rule)

item_granted(rule, name) if {
	is_string(name)
	some pattern in rule.items
	glob.match(pattern, null, name)
}

restricts_items(rule) if "items" in object.keys(rule)

# Argument limits. In Rego null <= 100 is true and "9" <= 100 is false, so the type is looked at first.
limits := object.get(grant, "limits", [])

limit_valid(limit) if {
	object.keys(limit) - {"argument", "min", "max"} == set()
	is_array(limit.argument)
	is_number(limit.max)
	is_number(least(limit))
}

least(limit) := object.get(limit, "min", 0)

argument(limit) := object.get(input.context.arguments, limit.argument, null)

reasons contains "argument_invalid" if {
	some limit in limits
	not argument_is_number(limit)
}

reasons contains "argument_over_limit" if {
	some limit in limits
	argument_is_number(limit)
	not at_most(limit)
}

reasons contains "argument_under_limit" if {
	some limit in limits
	argument_is_number(limit)
	not at_least(limit)
}

argument_is_number(limit) if is_number(argument(limit))

at_most(limit) if argument(limit) <= limit.max

at_least(limit) if argument(limit) >= least(limit)
