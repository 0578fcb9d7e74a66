package main

import "strings"

// dataAPIs are the clients of databases and brokers, and of language models.
func dataAPIs() []api {
	list := append(redisAPIs(), mqttAPIs()...)
	list = append(list, sqlAPIs()...)
	types := variant("error", "model-not-supported", "runtime-error string", "invalid-input string") +
		record("params", "max-tokens u32", "repeat-penalty f32", "repeat-penalty-last-n-token-count u32", "temperature f32", "top-k u32", "top-p f32") +
		record("usage", "prompt-token-count u32", "generated-token-count u32") + record("text", "text string", "usage $usage") +
		record("embedding-usage", "prompt-token-count u32") + record("vectors", "embeddings (list (list f32))", "usage $embedding-usage")
	types = strings.NewReplacer(`"params"`, `"inferencing-params"`, `(export "usage"`, `(export "inferencing-usage"`, `(export "text"`, `(export "inferencing-result"`,
		`(export "embedding-usage"`, `(export "embeddings-usage"`, `(export "vectors"`, `(export "embeddings-result"`).Replace(types)
	for _, id := range []string{"fermyon:spin/llm", "fermyon:spin/llm@2.0.0"} {
		list = append(list, api{id: id, types: types, calls: []step{
			{name: "infer", sig: `(param "model" string) (param "prompt" string) (param "params" (option $params)) (result (result $text (error $error)))`, args: "S S 0 0 F 0 F 0 F R", read: "r4+8"},
			{name: "generate-embeddings", sig: `(param "model" string) (param "text" (list string)) (result (result $vectors (error $error)))`, args: "S E R", read: "r4+8"},
		}})
	}
	return list
}

func redisAPIs() []api {
	values := variant("redis-parameter", "int64 s64", "binary (list u8)") + variant("redis-result", "nil", "status string", "int64 s64", "binary (list u8)")
	const at = `(param "address" string) `
	first := api{id: "fermyon:spin/redis", types: enum("error", "success error") + values}
	for _, f := range []struct{ name, params, result, args, read string }{
		{"publish", `(param "channel" string) (param "payload" (list u8))`, "", "S E", "r1"},
		{"get", `(param "key" string)`, "(list u8)", "S", "r4"},
		{"set", `(param "key" string) (param "value" (list u8))`, "", "S E", "r1"},
		{"incr", `(param "key" string)`, "s64", "S", "r8"},
		{"del", `(param "keys" (list string))`, "s64", "E", "r8"},
		{"sadd", `(param "key" string) (param "values" (list string))`, "s64", "S E", "r8"},
		{"smembers", `(param "key" string)`, "(list string)", "S", "r4"},
		{"srem", `(param "key" string) (param "values" (list string))`, "s64", "S E", "r8"},
		{"execute", `(param "command" string) (param "arguments" (list $redis-parameter))`, "(list $redis-result)", "S E", "r4"},
	} {
		first.calls = append(first.calls, step{name: f.name, sig: at + f.params + " (result (result " + f.result + " (error $error)))", args: "S " + f.args + " R", read: f.read})
	}
	list := []api{first}
	for _, id := range []string{"fermyon:spin/redis@2.0.0", "spin:redis/redis@3.0.0"} {
		isAsync := strings.HasPrefix(id, "spin:")
		open := step{name: "[static]connection.open", sig: async(isAsync, at+"(result (result (own $connection) (error $error)))"), args: "S R", read: "r4+8"}
		list = append(list, api{id: id, types: variant("error", "invalid-address", "too-many-connections", "type-error", "other string") + resource("connection"), calls: []step{open,
			{after: []step{open}, name: "[method]connection.get", sig: async(isAsync, `(param "self" (borrow $connection)) (param "key" string) (result (result (option (list u8)) (error $error)))`), args: "H0 S R", read: "r4+8"}}})
	}
	return list
}

func mqttAPIs() []api {
	var list []api
	for _, id := range []string{"fermyon:spin/mqtt@2.0.0", "spin:mqtt/mqtt@3.0.0"} {
		isAsync := strings.HasPrefix(id, "spin:")
		open := step{name: "[static]connection.open", sig: async(isAsync, `(param "address" string) (param "username" string) (param "password" string) (param "keep-alive-interval-in-secs" u64) (result (result (own $connection) (error $error)))`), args: "S S S L R", read: "r4+8"}
		publish := step{after: []step{open}, name: "[method]connection.publish", sig: async(isAsync, `(param "self" (borrow $connection)) (param "topic" string) (param "payload" (list u8)) (param "qos" $qos) (result (result (error $error)))`), args: "H0 S E 0 R", read: "r4+8"}
		if isAsync { // more than four core parameters are in memory only where calls do not wait
			publish.args = "H0 S E 0 R"
		}
		list = append(list, api{id: id, types: variant("error", "invalid-address", "too-many-connections", "connection-failed string", "other string") +
			enum("qos", "at-most-once at-least-once exactly-once") + resource("connection"), calls: []step{open, publish}})
	}
	return list
}

// rdbms are the types of databases as Spin 1 and 2 have them.
var rdbms = enum("db-data-type", "boolean int8 int16 int32 int64 uint8 uint16 uint32 uint64 floating32 floating64 str binary other") +
	variant("db-value", append(rdbmsValues(), "db-null", "unsupported")...) + variant("parameter-value", append(rdbmsValues(), "db-null")...) +
	record("column", "name string", "data-type $db-data-type") + record("row-set", "columns (list $column)", "rows (list (list $db-value))")

func rdbmsValues() []string {
	return []string{"boolean bool", "int8 s8", "int16 s16", "int32 s32", "int64 s64", "uint8 u8", "uint16 u16", "uint32 u32", "uint64 u64",
		"floating32 f32", "floating64 f64", "str string", "binary (list u8)"}
}

func sqlAPIs() []api {
	var list []api
	const params = `(param "statement" string) (param "params" (list $parameter-value)) `
	const at = `(param "address" string) `
	for _, id := range []string{"fermyon:spin/mysql", "fermyon:spin/postgres"} {
		rows, read := "", "r4+8"
		if strings.HasSuffix(id, "postgres") {
			rows, read = "u64", "r8+12"
		}
		list = append(list, api{id: id, types: rdbms + variant("error", "success", "connection-failed string", "bad-parameter string", "query-failed string", "value-conversion-failed string", "other-error string"), calls: []step{
			{name: "query", sig: at + params + "(result (result $row-set (error $error)))", args: "S S E R", read: "r4+8"},
			{name: "execute", sig: at + params + "(result (result " + rows + " (error $error)))", args: "S S E R", read: read},
		}})
	}
	types := variant("error", "connection-failed string", "bad-parameter string", "query-failed string", "value-conversion-failed string", "other string") + resource("connection")
	for _, id := range []string{"fermyon:spin/mysql@2.0.0", "fermyon:spin/postgres@2.0.0", "spin:mysql/mysql@3.0.0", "spin:postgres/postgres@3.0.0",
		"spin:postgres/postgres@4.0.0", "spin:postgres/postgres@4.1.0", "spin:postgres/postgres@4.2.0"} {
		list = append(list, clientAPI(id, types))
	}
	return list
}

// clientAPI is a client that opens connections. The newest errors have more in them, but are called
// the same.
func clientAPI(id, types string) api {
	const open = `(param "address" string) (result (result (own $connection) (error $error)))`
	read := "r4+8"
	if strings.Contains(id, "postgres@4") {
		types = record("db-error", "as-text string", "severity string", "code string", "message string", "detail (option string)", "extras (list (tuple string string))") +
			variant("query-error", "text string", "db-error $db-error") + strings.Replace(types, `"query-failed" string`, `"query-failed" $query-error`, 1)
	}
	a := api{id: id, types: types, calls: []step{{name: "[static]connection.open", sig: async(strings.HasPrefix(id, "spin:mysql"), open), args: "S R", read: read}}}
	if strings.HasSuffix(id, "@4.0.0") || !strings.Contains(id, "postgres@4") {
		return a
	}
	a.types += resource("connection-builder")
	builder := step{name: "[constructor]connection-builder", sig: `(param "address" string) (result (own $connection-builder))`, args: "S", read: "direct"}
	const self = `(param "self" (borrow $connection-builder)) `
	a.calls = append(a.calls, builder,
		step{after: []step{builder}, name: "[method]connection-builder.set-ca-root", sig: self + `(param "certificate" string) (result (result (error $error)))`, args: "D0 S R", read: read},
		step{after: []step{builder}, name: "[method]connection-builder.build", sig: self + "(result (result (own $connection) (error $error)))", args: "D0 R", read: read})
	if strings.HasSuffix(id, "@4.2.0") {
		a.calls = append(a.calls,
			step{name: "[static]connection.open-async", sig: async(true, open), args: "S R", read: read},
			step{after: []step{builder}, name: "[method]connection-builder.build-async", sig: async(true, self+"(result (result (own $connection) (error $error)))"), args: "D0 R", read: read})
	}
	return a
}
