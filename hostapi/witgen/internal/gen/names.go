package gen

import (
	"go/token"
	"strings"
)

// initialisms are the words that Go writes in capitals.
var initialisms = map[string]string{
	"api": "API", "ascii": "ASCII", "db": "DB", "dns": "DNS", "eof": "EOF", "http": "HTTP", "https": "HTTPS",
	"id": "ID", "ip": "IP", "ipv4": "IPv4", "ipv6": "IPv6", "json": "JSON", "jsonb": "JSONB", "llm": "LLM",
	"mqtt": "MQTT", "qos": "QoS", "sql": "SQL", "sqlite": "SQLite", "tcp": "TCP", "tls": "TLS", "ttl": "TTL",
	"udp": "UDP", "uri": "URI", "url": "URL", "utf8": "UTF8", "uuid": "UUID",
}

// exported makes an exported Go name of a label, such as DNSError of DNS-error.
func exported(label string) string {
	if label == "io" {
		return "IO"
	}
	var b strings.Builder
	for word := range strings.SplitSeq(label, "-") {
		if s, ok := initialisms[word]; ok {
			b.WriteString(s)
		} else {
			b.WriteString(upperFirst(word))
		}
	}
	return b.String()
}

// local makes an unexported Go name of a label, such as dnsError of DNS-error.
func local(label string) string {
	first, rest, more := strings.Cut(label, "-")
	first = strings.ToLower(first)
	if !more {
		return first
	}
	return first + exported(rest)
}

// taken are the names that bodies of generated functions use for themselves.
var taken = map[string]bool{
	"abi": true, "context": true, "io": true, "any": true, "bool": true, "byte": true, "clear": true, "error": true,
	"false": true, "float32": true, "float64": true, "int": true, "int8": true, "int16": true, "int32": true,
	"int64": true, "len": true, "make": true, "nil": true, "rune": true, "string": true, "true": true, "uint8": true,
	"uint16": true, "uint32": true, "uint64": true,
	"c": true, "ctx": true, "e": true, "err": true, "f": true, "fail": true, "g": true, "i": true, "impl": true,
	"p": true, "ref": true, "spilled": true, "v": true,
}

// paramName is the name of a parameter in the signature of a method.
func paramName(label string) string {
	s := local(label)
	if s == "ctx" || token.IsKeyword(s) {
		return s + "Arg"
	}
	return s
}

// localName is the name of a parameter in the body of a function, out of the way of what
// generated code uses itself.
func (p *pkg) localName(label string) string {
	s := paramName(label)
	if taken[s] || p.isAlias(s) {
		s += "Arg"
	}
	return s
}

func upperFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func lowerFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToLower(s[:1]) + s[1:]
}
