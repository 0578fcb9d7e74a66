package http

import (
	"cmp"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/internal/localhttp"
)

// defaultArgv are the arguments of programs that are configured without.
const defaultArgv = "${SCRIPT_NAME} ${ARGS}"

// cgiArgs makes the arguments of a program. As in Spin nothing in them is decoded, and a request
// without a query leaves an empty argument behind.
func (m *match) cgiArgs() []string {
	query := strings.ReplaceAll(m.req.URL.RawQuery, "&", " ")
	return strings.Split(strings.NewReplacer("${SCRIPT_NAME}", m.path, "${ARGS}", query).Replace(m.entry.argv), " ")
}

// cgiEnv makes the variables of a program: those of RFC 3875, those in place of the fields that
// other components get, and one for each header field.
func (m *match) cgiEnv(length int) []hostapi.EnvVar {
	r := m.req
	vars := map[string]string{}
	own := m.extraFields(nil, true)
	for _, f := range own {
		if name, ok := strings.CutPrefix(f.F0, "spin-"); ok {
			vars["X_"+variable(name)] = string(f.F1)
		}
	}
	m.headerVariables(vars)
	info := vars["X_PATH_INFO"]
	delete(vars, "X_PATH_INFO")
	translated, err := url.PathUnescape(info)
	if err != nil {
		translated = info
	}
	client := r.RemoteAddr
	if m.local {
		client = localhttp.PeerAddr
	}
	if host, _, err := net.SplitHostPort(client); err == nil {
		client = host
	}
	host, port := splitAuthority(m.authority, m.scheme)
	maps.Copy(vars, map[string]string{
		"AUTH_TYPE": "", "REMOTE_USER": "",
		"CONTENT_LENGTH": strconv.Itoa(length), "CONTENT_TYPE": r.Header.Get("Content-Type"),
		"GATEWAY_INTERFACE": "CGI/1.1", "SERVER_SOFTWARE": "WAGI/1", "SERVER_PROTOCOL": r.Proto,
		"REQUEST_METHOD": r.Method, "QUERY_STRING": r.URL.RawQuery,
		"SCRIPT_NAME": scriptName(m.entry), "PATH_INFO": info, "X_RAW_PATH_INFO": info, "PATH_TRANSLATED": translated,
		"REMOTE_ADDR": client, "REMOTE_HOST": client, "SERVER_NAME": host, "SERVER_PORT": port,
	})
	var env []hostapi.EnvVar
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		env = append(env, hostapi.EnvVar{Name: name, Value: vars[name]})
	}
	return env
}

// headerVariables adds a variable for each header field but those that must not leave the server,
// and one that programs would take for their own: HTTP_PROXY. A name with an underscore cannot
// pass for another with a dash.
func (m *match) headerVariables(vars map[string]string) {
	names := slices.SortedFunc(maps.Keys(m.req.Header), func(a, b string) int {
		return cmp.Or(strings.Count(a, "_")-strings.Count(b, "_"), strings.Compare(a, b))
	})
	for _, key := range names {
		name := strings.ToLower(key)
		if stripped(name) || name == "authorization" || name == "proxy-authorization" || name == "proxy" {
			continue
		}
		if v := "HTTP_" + variable(key); vars[v] == "" {
			vars[v] = strings.Join(m.req.Header[key], ", ")
		}
	}
	if !m.local {
		vars["HTTP_HOST"] = m.authority
	}
}

// variable spells the name of a field as that of a variable.
func variable(name string) string { return strings.ToUpper(strings.ReplaceAll(name, "-", "_")) }

// scriptName is the route without its wildcard.
func scriptName(e *entry) string {
	if e.route.Path == "/" {
		return ""
	}
	return e.route.Path
}

// splitAuthority takes an authority apart. Without a port it has that of the scheme.
func splitAuthority(authority, scheme string) (host, port string) {
	port = "80"
	if scheme == "https" {
		port = "443"
	}
	if h, p, err := net.SplitHostPort(authority); err == nil {
		return h, p
	}
	return strings.Trim(authority, "[]"), port
}
