package capability

import (
	"strconv"
	"strings"
)

// ports is a half-open range of ports.
type ports struct{ first, end uint32 }

var anyPort = ports{0, 1 << 16}

func onePort(p uint16) ports { return ports{uint32(p), uint32(p) + 1} }

func (r ports) contain(p uint16) bool {
	return r.first <= uint32(p) && uint32(p) < r.end
}

// defaultPort returns the port of a scheme that has one of its own.
func defaultPort(scheme string) (uint16, bool) {
	switch scheme {
	case "http":
		return 80, true
	case "https":
		return 443, true
	case "redis":
		return 6379, true
	case "mysql":
		return 3306, true
	case "postgres":
		return 5432, true
	case "mqtt":
		return 1883, true
	}
	return 0, false
}

// schemeOfPort guesses what a user meant who wrote only host and port.
func schemeOfPort(port string) string {
	for _, scheme := range []string{"http", "redis", "mysql", "postgres", "mqtt"} {
		if p, _ := defaultPort(scheme); port == strconv.Itoa(int(p)) {
			return scheme
		}
	}
	return "https"
}

// parsePort reads the digits of a port.
func parsePort(s string) (uint16, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	p, err := strconv.ParseUint(s, 10, 16)
	return uint16(p), err == nil
}

// parsePorts reads the port part of an entry, which is not empty.
func parsePorts(s string) (ports, *problem) {
	if s == "*" {
		return anyPort, nil
	}
	first, end, isRange := strings.Cut(s, "..")
	lo, ok := parsePort(first)
	if !isRange {
		if !ok {
			return ports{}, &problem{
				reason: "has a port that is no number from 0 to 65535",
				fix:    "write a number, a range such as 8000..9000 (9000 excluded), or * for any port",
			}
		}
		return onePort(lo), nil
	}
	hi, hiOK := parsePort(end)
	if !ok || !hiOK {
		return ports{}, &problem{
			reason: "has a malformed port range",
			fix:    "write two numbers up to 65535 such as 8000..9000 (9000 excluded), or * for any port",
		}
	}
	if lo >= hi {
		return ports{}, &problem{
			reason: "has an empty port range, as the second port is excluded",
			fix:    "write the smaller port first, such as 8000..9000",
		}
	}
	return ports{uint32(lo), uint32(hi)}, nil
}
