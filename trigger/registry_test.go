package trigger_test

import (
	"context"
	"slices"
	"testing"

	"github.com/spinhost/spin/trigger"
)

// named is a trigger of any kind.
type named struct{ kind, note string }

func (n named) Kind() string { return n.kind }
func (named) Load(context.Context, trigger.Host, []trigger.Entry) (trigger.Runner, error) {
	return nil, nil
}

func TestRegistryIsAValue(t *testing.T) {
	base := trigger.NewRegistry(named{"a", "1"}, named{"b", "1"}, named{"a", "2"})
	first, second := base.With(named{"c", ""}), base.With(named{"d", ""})
	replaced := base.With(named{"b", "2"})
	for _, c := range []struct {
		got  trigger.Registry
		want []string
	}{{base, []string{"a", "b"}}, {first, []string{"a", "b", "c"}}, {second, []string{"a", "b", "d"}}, {replaced, []string{"a", "b"}}} {
		if got := c.got.Kinds(); !slices.Equal(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	for _, c := range []struct {
		r          trigger.Registry
		kind, want string
	}{{base, "a", "2"}, {base, "b", "1"}, {replaced, "b", "2"}} {
		if got, ok := c.r.Lookup(c.kind); !ok || got.(named).note != c.want {
			t.Errorf("%s: %v", c.kind, got)
		}
	}
	if _, ok := base.Lookup("c"); ok {
		t.Error("what is in another registry is found")
	}
}
