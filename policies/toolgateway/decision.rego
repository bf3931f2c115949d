# METADATA
# title: The gateway's decision
# description: >-
#   Default deny. A call is allowed when a registered agent has a grant for it and no rule of this package gives a
#   reason against it. Every check is written so that something missing is a reason to deny: a rule says what is good,
#   and the reason is given when that rule does not hold. Only names of rules and functions are negated, because
#   "not f(input.x)" gives nothing at all when input.x is missing.
package toolgateway

# METADATA
# scope: document
# description: The document that the gateway asks for. Its members are the contract of policies/README.md.
# entrypoint: true
decision := {
	"allow": allow,
	"reasons": reasons,
	"obligations": obligations,
	"cache_seconds": cache_seconds,
}

default allow := false

allow if {
	known_agent
	grant
	count(reasons) == 0
}

# What the gateway has to do with an allowed call: what the grant says, and a record on disk before anything elevated.
obligations contains obligation if {
	allow
	some obligation in grant.obligations
}

obligations contains {"type": "audit_synced"} if {
	allow
	tier == "elevated"
}

default cache_seconds := 0

cache_seconds := grant.cache_seconds if allow
