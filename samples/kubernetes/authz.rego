# What the gateway may ask OPA over the socket: decisions and health. Nobody can change policy or data through it.
package system.authz

default allow := false

allow if {
	input.method == "POST"
	array.slice(input.path, 0, 3) == ["v1", "data", "toolgateway"]
}

allow if {
	input.method == "GET"
	input.path == ["health"]
}
