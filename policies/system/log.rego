# METADATA
# title: Mask of OPA's own decision log
# description: Arguments and claims are recorded by the gateway, as obligations say, and nowhere else.
package system.log

mask contains "/input/context/arguments"

mask contains "/input/context/mcp/input_responses"

mask contains "/input/subject/properties/claims"
