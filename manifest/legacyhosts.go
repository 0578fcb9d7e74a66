package manifest

import (
	"net/url"
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// allowAll is an entry of the old list that makes all others superfluous.
const allowAll = "insecure:allow-all"

// legacyHosts reads allowed_http_hosts, the list that came before
// allowed_outbound_hosts, as entries of the latter.
func (s section) legacyHosts() []capability.Entry {
	nodes := s.textNodes(legacyHostsKey)
	if i := slices.IndexFunc(nodes, func(n *tomltree.Node) bool { return n.Value == allowAll }); i >= 0 {
		pos := nodes[i].Pos
		return []capability.Entry{{Text: "http://*:*", Pos: pos}, {Text: "https://*:*", Pos: pos}, {Text: "http://self", Pos: pos}}
	}
	var entries []capability.Entry
	for _, n := range nodes {
		hosts, problem := convertHost(n.Value.(string))
		if problem != "" {
			s.add(n.Pos, s.at(legacyHostsKey), nil, problem)
		}
		for _, host := range hosts {
			entries = append(entries, capability.Entry{Text: host, Pos: n.Pos})
		}
	}
	return entries
}

// warnLegacyHosts says what to write in place of the old list.
func (s section) warnLegacyHosts(hosts *capability.Hosts) {
	f := s.table.Get(legacyHostsKey)
	if f == nil {
		return
	}
	var list []string
	for _, e := range hosts.Entries() {
		list = append(list, wording.Quote(e.Text))
	}
	const most = 8
	if len(list) > most {
		list = append(list[:most], "...")
	}
	s.warn(f.Pos, s.at(legacyHostsKey), "this key is replaced by "+hostsKey+": write "+hostsKey+" = ["+strings.Join(list, ", ")+"]")
}

// convertHost turns a host, host:port or URL without path into entries for both
// schemes of HTTP. A port that is the default of the entry's own scheme, which is
// http if there is none, is left out, so that the other scheme has its default too.
func convertHost(text string) (entries []string, problem string) {
	const fix = `: write a host such as "example.com" or "example.com:8080", or better ` + hostsKey + ` with URLs`
	rest, defaultPort := text, "80"
	shown := wording.Quote(wording.HidePassword(text))
	if strings.Contains(text, "//") {
		scheme, after, ok := strings.Cut(text, "://")
		switch {
		case ok && strings.EqualFold(scheme, "http"):
		case ok && strings.EqualFold(scheme, "https"):
			defaultPort = "443"
		default:
			return nil, shown + " is not a URL of HTTP" + fix
		}
		rest = after
	}
	rest = strings.TrimSuffix(rest, "/")
	if strings.ContainsAny(rest, "/?#\\") {
		return nil, shown + " has more than a host and a port" + fix
	}
	// The URL is only taken apart here; whether the host is one is for the list
	// of allowed hosts to say.
	u, err := url.Parse("http://" + rest)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(rest, " \t{}") {
		return nil, shown + " is not a host" + fix
	}
	if strings.EqualFold(u.Hostname(), "self") { // the app itself has no port, and one entry for both schemes
		return []string{"http://self"}, ""
	}
	host := strings.TrimSuffix(u.Host, ":")
	if u.Port() == defaultPort {
		host = strings.TrimSuffix(host, ":"+defaultPort)
	}
	return []string{"http://" + host, "https://" + host}, ""
}
