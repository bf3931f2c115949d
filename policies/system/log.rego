# METADATA
# title: What OPA's own decision log leaves out
# description: Arguments and claims are recorded by the gateway, as obligations say, and nowhere else.
package system.log

mask contains "/input/context/arguments"

mask contains "/input/context/mcp/input_responses"

mask contains "/input/subject/properties/claims"

# The gateway asks every second which policy OPA has. That is no decision.
drop if input.path == "toolgateway/revision"
