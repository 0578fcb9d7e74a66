package capability_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

var errNoValue = errors.New("set it in the environment")

// values looks variables up; those without value fail with errNoValue.
func values(v map[string]string) func(string) (string, error) {
	return func(name string) (string, error) {
		value, ok := v[name]
		if !ok {
			return "", fmt.Errorf("variable %s: %w", name, errNoValue)
		}
		return value, nil
	}
}

func TestTemplatedEntriesMatchNothingBeforeTheyAreResolved(t *testing.T) {
	hosts := parse(t, "https://{{ host }}", "http://ok.example", "*://{{ db }}:{{ port }}", "{{ host }}")
	if !hosts.Templated() || !slices.Equal(hosts.Names(), []string{"host", "db", "port"}) {
		t.Errorf("waits for %v", hosts.Names())
	}
	if !hosts.CheckURL("http://ok.example", "").Allowed() {
		t.Error("an entry without template is denied")
	}
	for _, url := range []string{"https://a.example", "https://{{ host }}", "https://*", "db://db:1"} {
		if d := hosts.CheckURL(url, ""); d.Allowed() {
			t.Error(d)
		}
	}
	if hosts.CheckSelf().Allowed() {
		t.Error("self is allowed")
	}
	err := hosts.CheckURL("https://a.example", "").Err()
	want := `component "hello" may not connect to https://a.example: add "https://a.example" to allowed_outbound_hosts (spin.toml:1:1)` +
		`; "https://{{ host }}" at spin.toml:1:5 and 2 more did not count, as variables in it have no value`
	if err == nil || err.Error() != want || !errors.Is(err, capability.ErrUnresolved) || !errors.Is(err, capability.ErrDenied) {
		t.Errorf("got %v", err)
	}
	var denied *capability.DeniedError
	if !errors.As(err, &denied) || len(denied.Unresolved) != 3 || denied.Unresolved[1].Pos.Line != 3 {
		t.Errorf("got %+v", denied)
	}
}

func TestResolve(t *testing.T) {
	hosts := parse(t, "https://{{ host }}", "http://ok.example", "{{ scheme }}://{{ host }}:{{port}}")
	resolved, err := hosts.Resolve(values(map[string]string{"host": "API.example", "scheme": "redis", "port": "7000..7003"}))
	if err != nil || resolved.Templated() || resolved.Names() != nil {
		t.Fatalf("got %v, %v", resolved.Names(), err)
	}
	for url, want := range map[string]bool{
		"https://api.example/x": true, "http://ok.example": true, "redis://api.example:7001": true,
		"redis://api.example:7003": false, "http://api.example": false,
	} {
		if d := resolved.CheckURL(url, ""); d.Allowed() != want {
			t.Error(d)
		}
	}
	// Entries keep their text, and the first list stays as it is.
	if by, _ := resolved.CheckURL("redis://api.example:7000", "").AllowedBy(); by.Text != "{{ scheme }}://{{ host }}:{{port}}" || by.Pos.Line != 3 {
		t.Errorf("allowed by %+v", by)
	}
	if err := resolved.CheckURL("redis://other", "").Err(); errors.Is(err, capability.ErrUnresolved) {
		t.Errorf("got %v", err)
	}
	if !hosts.Templated() || hosts.CheckURL("https://api.example", "").Allowed() {
		t.Error("Resolve changed the list")
	}
}

func TestResolveWithoutTemplatesGivesTheSameList(t *testing.T) {
	never := func(string) (string, error) { panic("asked") }
	hosts := parse(t, "https://a.example")
	if got, err := hosts.Resolve(never); got != hosts || err != nil {
		t.Errorf("got %p, %v", got, err)
	}
	var none *capability.Hosts
	if got, err := none.Resolve(never); got != nil || err != nil || none.Templated() || none.Names() != nil || none.ServiceChaining() {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestOptionalDestinations(t *testing.T) {
	hosts := parse(t, "{{ a }}", "http://{{ a }}", "https://{{ a }}", " https://{{ a }}", "https://b.example")
	resolved, err := hosts.Resolve(values(map[string]string{"a": ""}))
	if err != nil || resolved.Templated() {
		t.Fatal(err)
	}
	if resolved.CheckURL("https://a.example", "").Allowed() || resolved.CheckSelf().Allowed() || !resolved.CheckURL("https://b.example", "").Allowed() {
		t.Error("wrong decision")
	}
	// The line to write keeps what is written.
	var denied *capability.DeniedError
	if errors.As(resolved.CheckSelf().Err(), &denied) && !strings.Contains(denied.ManifestLine(), `"https://{{ a }}"`) {
		t.Errorf("got %s", denied.ManifestLine())
	}
	if _, err := parse(t, "redis://{{ a }}").Resolve(values(map[string]string{"a": ""})); err == nil {
		t.Error("an empty Redis address is optional")
	}
}

func TestResolveReportsEveryFault(t *testing.T) {
	hosts := parse(t, "https://{{ h }}", "https://{{ none }}", "https://{{ ok }}", "*://{{ ok }}:{{ key }}", "https://{{ long }}")
	resolved, err := hosts.Resolve(values(map[string]string{
		"h": "bad host", "ok": "ok.example", "key": "hunter2", "long": strings.Repeat("a", 20<<20),
	}), "key", "other")
	var errs capability.EntryErrors
	if !errors.As(err, &errs) || len(errs) != 4 {
		t.Fatalf("got %v", err)
	}
	for i, want := range []string{
		`spin.toml:1:5: allowed_outbound_hosts: "https://{{ h }}" resolves to "https://bad host", which has a character that host names cannot have: ` +
			`change the value of "h": write a name, an IPv4 address, an IPv6 address in brackets, an address block, or "*"`,
		`spin.toml:2:5: allowed_outbound_hosts: "https://{{ none }}" cannot be resolved, as the variable "none" has no value: variable none: set it in the environment`,
		`spin.toml:4:5: allowed_outbound_hosts: "*://{{ ok }}:{{ key }}" resolves to text that has a port that is no number from 0 to 65535: change the value of "ok" or "key"`,
	} {
		if errs[i].Error() != want {
			t.Errorf("got  %s\nwant %s", errs[i], want)
		}
	}
	if got := errs[1].Err.Error(); got != "template not resolved: variable none: set it in the environment" {
		t.Errorf("got %s", got)
	}
	if !errors.Is(errs[1], capability.ErrUnresolved) || !errors.Is(errs[1], errNoValue) || errors.Is(errs[0], capability.ErrUnresolved) {
		t.Error("wrong causes")
	}
	if !strings.Contains(errs[3].Reason, "more than 512 bytes") || len(errs[3].Error()) > 500 {
		t.Errorf("got %s", errs[3])
	}
	// What could be resolved counts, and the rest can be resolved later.
	if !resolved.CheckURL("https://ok.example", "").Allowed() || !slices.Equal(resolved.Names(), []string{"h", "none", "ok", "key", "long"}) {
		t.Errorf("waits for %v", resolved.Names())
	}
	resolved, err = resolved.Resolve(func(string) (string, error) { return "99", nil })
	if err == nil {
		t.Error("99 is a host")
	}
	resolved, err = resolved.Resolve(values(map[string]string{"h": "h", "none": "n", "ok": "o", "key": "9", "long": "l"}))
	if err != nil || resolved.Templated() || !resolved.CheckURL("x://o:9", "").Allowed() {
		t.Errorf("got %v", err)
	}
}

// Values of variables that nobody declared secret may have a password all the same.
func TestResolvedPasswordsAreNotTold(t *testing.T) {
	for _, value := range []string{"me:hunter2@e.com", "me:hunter2@a b", "me:hunter2@e.com/x?y"} {
		_, err := parse(t, "https://{{ h }}").Resolve(values(map[string]string{"h": value}))
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), `resolves to "https://me:xxxxx@`) {
			t.Errorf("%s: got %v", value, err)
		}
	}
}

func TestValuesAreNotReadAsTemplates(t *testing.T) {
	asked := 0
	_, err := parse(t, "https://{{ a }}").Resolve(func(string) (string, error) { asked++; return "{{ b }}", nil })
	if err == nil || asked != 1 {
		t.Errorf("asked %d times, %v", asked, err)
	}
}

func TestServiceChaining(t *testing.T) {
	for entries, want := range map[string]bool{
		"http://x.spin.internal":                            true,
		"http://X.Spin.Internal":                            true,
		"http://*.spin.internal":                            true,
		"https://a.example http://*.spin.internal":          true,
		"*://api.spin.internal:*":                           true,
		"*://*:*":                                           false,
		"http://spin.internal":                              false,
		"http://xspin.internal":                             false,
		"http://*.api.spin.internal":                        false,
		"http://x.spin.internal.example":                    false,
		"http://{{a}}.spin.internal":                        false,
		"http://self":                                       false,
		"http://{{a}}.spin.internal http://b.spin.internal": true,
	} {
		hosts := parse(t, strings.Fields(entries)...)
		if got := hosts.ServiceChaining(); got != want {
			t.Errorf("%s: got %t", entries, got)
		}
		resolved, err := hosts.Resolve(values(map[string]string{"a": "c"}))
		if err != nil || resolved.ServiceChaining() != want {
			t.Errorf("%s: resolved, got %t, %v", entries, resolved.ServiceChaining(), err)
		}
	}
	if parse(t).ServiceChaining() {
		t.Error("an empty list chains")
	}
}

func TestComponentWildcardStandsForEveryComponent(t *testing.T) {
	hosts := parse(t, "http://*.spin.internal")
	for _, id := range []string{"cart", "shop-front", "mail"} {
		if d := hosts.CheckURL("http://"+id+".spin.internal/x", ""); !d.Allowed() {
			t.Error(d)
		}
	}
}

func TestCheckOfATemplatedListDoesNotAllocate(t *testing.T) {
	hosts := parse(t, "https://{{ host }}", "http://ok.example")
	resolved, err := hosts.Resolve(values(map[string]string{"host": "a.example"}))
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() {
		if !hosts.CheckURL("http://ok.example/x", "").Allowed() || hosts.CheckURL("https://a.example", "").Allowed() || !resolved.CheckURL("https://a.example", "").Allowed() {
			t.Fatal("wrong decision")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzResolve looks for panics, for values of secrets in messages, and for lists that decide otherwise than one in
// which the values are written out.
func FuzzResolve(f *testing.F) {
	for _, entry := range []string{"https://{{ a }}", "{{ a }}", "{{a}}://{{ b }}:{{a}}", "http://{{ b }}.spin.internal", "http://{{ a", "http://self"} {
		for _, value := range []string{"a.example", "secret/", "", "*", "10.0.0.0/8", "{{ b }}", "x y", "self", "http"} {
			f.Add(entry, value, "http://a.example")
		}
	}
	f.Fuzz(func(t *testing.T, entry, value, url string) {
		hosts, err := parseEntries(entry)
		if err != nil {
			return
		}
		lookup := func(string) (string, error) { return value, nil }
		const secret = "hunter2"
		_, err = hosts.Resolve(func(string) (string, error) { return value + secret, nil }, hosts.Names()...)
		if err != nil && strings.Contains(err.Error(), secret) && !strings.Contains(entry, secret) {
			t.Fatalf("a secret is shown in %s", err)
		}
		resolved, err := hosts.Resolve(lookup, hosts.Names()...)
		if err != nil {
			if shown, _ := hosts.Resolve(lookup); !shown.Templated() {
				t.Fatal("a secret changes the result")
			}
			return
		}
		text := entry
		for _, name := range hosts.Names() {
			for _, form := range []string{"{{ " + name + " }}", "{{" + name + "}}"} {
				text = strings.ReplaceAll(text, form, strings.ReplaceAll(value, "{{", "{ {"))
			}
		}
		if strings.Contains(text, "{{") {
			return // spelt in another way
		}
		plain, err := parseEntries(text)
		if err != nil {
			plain = nil // optional
		}
		if got, want := resolved.CheckURL(url, "").Allowed(), plain.CheckURL(url, "").Allowed(); got != want {
			t.Fatalf("%q with %q: %t, but %q: %t", entry, value, got, text, want)
		}
	})
}
