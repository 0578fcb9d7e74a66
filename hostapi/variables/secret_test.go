package variables_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/hostapi/variables"
)

// hush is a secret that must not be seen anywhere.
const hush = "hunter2"

// shown is every way in which a value may come to light by accident.
func shown(v any) map[string]string {
	m := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		m[verb] = fmt.Sprintf(verb, v)
	}
	var text, js bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&js, nil)).Info("x", "v", v)
	m["slog text"], m["slog json"] = text.String(), js.String()
	if b, err := json.Marshal(v); err == nil {
		m["json"] = string(b)
	}
	if err, ok := v.(error); ok {
		m["Error"] = err.Error()
		m["wrapped"] = fmt.Errorf("more: %w", err).Error()
	}
	return m
}

func wantHidden(t *testing.T, what string, v any) {
	t.Helper()
	for how, text := range shown(v) {
		if strings.Contains(text, hush) || strings.Contains(text, fmt.Sprintf("%x", hush)) {
			t.Errorf("%s, %s: %s", what, how, text)
		}
	}
}

func TestSecretValuesAreNotShown(t *testing.T) {
	file, err := variables.ParseDotenv([]byte("SPIN_VARIABLE_A="+hush), nil)
	if err != nil {
		t.Fatal(err)
	}
	v := variables.Secret(hush)
	type around struct {
		Exported variables.Value
		hidden   variables.Value
		deep     map[string][]variables.Value
	}
	static := variables.Static(map[string]string{"a": hush})
	environ := variables.Environ("", nil, file)
	resolver := newResolver(t, variables.Config{
		Variables: []variables.Declaration{{Name: "a", Default: variables.Text(hush), Secret: true}},
		Providers: []variables.Provider{static, environ},
	})
	for what, v := range map[string]any{
		"value": v, "pointer": &v, "list": []variables.Value{v},
		"structure": around{v, v, map[string][]variables.Value{"k": {v}}},
		"resolver":  resolver, "resolver in a structure": struct{ r *variables.Resolver }{resolver},
		"resolver by value": *resolver,
		"static":            static, "environ": environ, "environ in a structure": struct{ p variables.Provider }{environ},
		"dotenv": file, "dotenv by value": *file,
		"declaration": variables.Declaration{Name: "a", Default: v, Secret: true},
	} {
		wantHidden(t, what, v)
	}
	if v.Reveal() != hush || !v.IsSecret() || v.String() != "[secret]" {
		t.Errorf("%q, %v", v.Reveal(), v)
	}
}

func TestOtherValuesAreShown(t *testing.T) {
	v := variables.Text("north")
	if s := fmt.Sprintf("%v %s %q %5.2s", v, v, v, v); s != `north north "north"    no` {
		t.Error(s)
	}
	var zero variables.Value
	if b, err := json.Marshal([]variables.Value{v, zero}); err != nil || string(b) != `["north",""]` {
		t.Errorf("%s, %v", b, err)
	}
}

// A value is secret if any part of it is.
func TestSecretsSpread(t *testing.T) {
	r := newResolver(t, variables.Config{
		Variables: []variables.Declaration{
			{Name: "user", Default: variables.Text("ann")},
			{Name: "password", Default: variables.Text(hush), Secret: true},
			{Name: "given", Required: true, Secret: true},
		},
		Components: map[string]map[string]string{"shop": {"plain": "{{ user }}", "url": "{{ user }}:{{ password }}", "given": "{{ given }}"}},
		Providers:  []variables.Provider{variables.Static(map[string]string{"given": hush})},
	})
	for name, secret := range map[string]bool{"plain": false, "url": true, "given": true} {
		v, err := r.Get(context.Background(), "shop", name)
		if err != nil || v.IsSecret() != secret {
			t.Errorf("%s: secret %t, %v", name, v.IsSecret(), err)
		}
		wantHidden(t, name, v)
	}
	if got := r.Secrets(); !slices.Equal(got, []string{"given", "password"}) {
		t.Errorf("%q", got)
	}
	all, err := r.All(context.Background(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	wantHidden(t, "all", all)
}

// leaky is an error that tells a secret, and what may be told.
type leaky struct{}

func (leaky) Error() string    { return "cannot decrypt " + hush }
func (leaky) SafeText() string { return "cannot decrypt" }

// Whatever a provider says of a secret, its text is not told unless it says that it may be.
func TestErrorsDoNotTellSecrets(t *testing.T) {
	causes := map[string]error{
		"cannot decrypt":   fmt.Errorf("vault: %w", leaky{}),
		"withheld":         fmt.Errorf("cannot parse %q", hush),
		"context canceled": fmt.Errorf("%s: %w", hush, context.Canceled),
		"deadline":         fmt.Errorf("%s: %w", hush, context.DeadlineExceeded),
	}
	for want, cause := range causes {
		p := &asked{fail: map[string]error{"key": cause}}
		r := newResolver(t, variables.Config{
			Variables:  []variables.Declaration{{Name: "key", Required: true, Secret: true}},
			Components: map[string]map[string]string{"shop": {"key": "{{ key }}"}},
			Providers:  []variables.Provider{p},
		})
		_, err := r.Get(context.Background(), "shop", "key")
		if err == nil || !strings.Contains(err.Error(), want) || !errors.Is(err, cause) {
			t.Errorf("%v, want %q", err, want)
		}
		wantHidden(t, "error", err)
		_, err = r.Lookup(context.Background())("key")
		wantHidden(t, "lookup", err)
		_, err = r.All(context.Background(), "shop")
		wantHidden(t, "all", err)
	}
}

// Faults of a .env file say where, and nothing of what stands there but names.
func TestDotenvErrorsDoNotTellValues(t *testing.T) {
	for _, line := range []string{
		"A='" + hush, `A="` + hush, "A=" + hush + " " + hush, `A="` + hush + `\z"`, "A=${" + hush, "A " + hush, "A=1\n=" + hush,
		"A=" + hush + "\xff", "-" + hush, "A=" + hush + "${", "A=" + hush + "\nB=$A$A x",
	} {
		_, err := variables.ReadDotenv(fstest.MapFS{".env": {Data: []byte(line)}}, ".env", nil)
		if err == nil {
			t.Errorf("%q is accepted", line)
		}
		wantHidden(t, line, err)
	}
}

// A provider that fails for an environment variable that is no text says so for secrets too.
func TestEnvironErrorsAreTold(t *testing.T) {
	r := newResolver(t, variables.Config{
		Variables: []variables.Declaration{{Name: "key", Required: true, Secret: true}},
		Providers: []variables.Provider{variables.Environ("APP", func(string) (string, bool) { return hush + "\xff", true }, nil)},
	})
	_, err := r.Resolve(context.Background(), "key")
	if err == nil || !strings.HasSuffix(err.Error(), "failed: APP_KEY: the value is not UTF-8") {
		t.Error(err)
	}
	wantHidden(t, "error", err)
}
