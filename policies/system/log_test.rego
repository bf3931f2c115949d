package system.log_test

import data.system.log

test_arguments_and_claims_are_masked if {
	log.mask == {
		"/input/context/arguments",
		"/input/context/mcp/input_responses",
		"/input/subject/properties/claims",
	}
}

test_polls_are_dropped if {
	log.drop with input as {"path": "toolgateway/revision"}
	not log.drop with input as {"path": "toolgateway/decision"}
}
