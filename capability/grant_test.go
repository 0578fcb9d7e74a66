package capability_test

import (
	"errors"
	"testing"

	"github.com/spinhost/spin/capability"
)

// cart is the component of line 2, with a path of dependencies.
func cart(path ...capability.Dependency) capability.Subject {
	return capability.Subject{Component: "cart", Pos: at(2, 1), Path: path}
}

// tokens is the dependency of line 4.
func tokens(i capability.Inherit) capability.Dependency {
	return capability.Dependency{Name: "acme:auth/tokens", Pos: at(4, 1), Inherit: i}
}

// hashes is the dependency of line 9.
func hashes(i capability.Inherit) capability.Dependency {
	return capability.Dependency{Name: "acme:hash", Pos: at(9, 1), Inherit: i}
}

func TestDecide(t *testing.T) {
	const (
		store = "wasi:keyvalue/store@0.2.0-draft2"
		clock = "wasi:clocks/wall-clock@0.2.0"
		geo   = "acme:geo/lookup@1.0.0"
	)
	bare := capability.Dependency{Name: "acme:auth", Pos: at(4, 1), Bare: true}
	for _, test := range []struct {
		name    string
		subject capability.Subject
		id, set string
		reason  capability.Reason
		by      capability.Position
		text    string
	}{
		{"own", cart(), store, "", capability.ReasonOwn, at(2, 1),
			`component "cart" may use wasi:keyvalue/store@0.2.0-draft2: key_value_stores of the component says how far (spin.toml:2:1)`},
		{"own without set", cart(), geo, "", capability.ReasonOwn, at(2, 1),
			`component "cart" may use acme:geo/lookup@1.0.0: it is the component itself (spin.toml:2:1)`},
		{"ambient", cart(tokens(capability.Inherit{})), clock, "", capability.ReasonAmbient, capability.Position{},
			`dependency "acme:auth/tokens" of component "cart" may use wasi:clocks/wall-clock@0.2.0: it carries no capability`},
		{"ambient by name, but in a set", cart(tokens(capability.Inherit{})), clock, "geo", capability.ReasonNotInherited, capability.Position{},
			`dependency "acme:auth/tokens" of component "cart" may not use wasi:clocks/wall-clock@0.2.0: add inherit_configuration = ["geo"] to dependency "acme:auth/tokens" (spin.toml:4:1)`},
		{"inherited", cart(tokens(inherits("files", "key_value_stores"))), store, "", capability.ReasonInherited, at(5, 50),
			`dependency "acme:auth/tokens" of component "cart" may use wasi:keyvalue/store@0.2.0-draft2: it inherits key_value_stores (spin.toml:5:50)`},
		{"inherited all", cart(tokens(capability.InheritAll(at(5, 1), true))), geo, "", capability.ReasonInheritedAll, at(5, 1),
			`dependency "acme:auth/tokens" of component "cart" may use acme:geo/lookup@1.0.0: it inherits everything (spin.toml:5:1)`},
		{"no key", cart(tokens(capability.Inherit{})), store, "key_value_stores", capability.ReasonNotInherited, capability.Position{},
			`dependency "acme:auth/tokens" of component "cart" may not use wasi:keyvalue/store@0.2.0-draft2: add inherit_configuration = ["key_value_stores"] to dependency "acme:auth/tokens" (spin.toml:4:1)`},
		{"false", cart(tokens(capability.InheritAll(at(5, 1), false))), store, "", capability.ReasonNotInherited, capability.Position{},
			`dependency "acme:auth/tokens" of component "cart" may not use wasi:keyvalue/store@0.2.0-draft2: write inherit_configuration = ["key_value_stores"] (spin.toml:5:1)`},
		{"other sets", cart(tokens(inherits("files"))), store, "", capability.ReasonNotInherited, capability.Position{},
			`dependency "acme:auth/tokens" of component "cart" may not use wasi:keyvalue/store@0.2.0-draft2: write inherit_configuration = ["files", "key_value_stores"] (spin.toml:5:1)`},
		{"no set", cart(tokens(inherits("files"))), geo, "", capability.ReasonNoSet, capability.Position{},
			`dependency "acme:auth/tokens" of component "cart" may not use acme:geo/lookup@1.0.0: it belongs to no capability set: write inherit_configuration = true (spin.toml:5:1)`},
		{"set of a user", cart(tokens(inherits("geo"))), geo, "geo", capability.ReasonInherited, at(5, 30),
			`dependency "acme:auth/tokens" of component "cart" may use acme:geo/lookup@1.0.0: it inherits geo (spin.toml:5:30)`},
		{"version string", cart(bare), store, "", capability.ReasonNotInherited, capability.Position{},
			`dependency "acme:auth" of component "cart" may not use wasi:keyvalue/store@0.2.0-draft2: write dependency "acme:auth" as a table with version and inherit_configuration = ["key_value_stores"] (spin.toml:4:1)`},
		{"older key", cart(tokens(capability.InheritForAll(at(3, 1), false))), store, "", capability.ReasonNotInherited, capability.Position{},
			`dependency "acme:auth/tokens" of component "cart" may not use wasi:keyvalue/store@0.2.0-draft2: write dependencies_inherit_configuration = true (spin.toml:3:1)`},
		{"nested", cart(tokens(inherits("files")), hashes(capability.InheritAll(at(10, 1), true))), "wasi:filesystem/preopens@0.3.0", "", capability.ReasonInheritedAll, at(10, 1),
			`dependency "acme:hash" of dependency "acme:auth/tokens" of component "cart" may use wasi:filesystem/preopens@0.3.0: it inherits everything (spin.toml:10:1)`},
		{"nested in one that inherits nothing", cart(tokens(capability.Inherit{}), hashes(capability.InheritAll(at(10, 1), true))), store, "", capability.ReasonNotInherited, capability.Position{},
			`dependency "acme:hash" of dependency "acme:auth/tokens" of component "cart" may not use wasi:keyvalue/store@0.2.0-draft2: add inherit_configuration = ["key_value_stores"] to dependency "acme:auth/tokens" (spin.toml:4:1)`},
		{"nested, both without", cart(tokens(inherits("files")), hashes(capability.Inherit{})), geo, "", capability.ReasonNoSet, capability.Position{},
			`dependency "acme:hash" of dependency "acme:auth/tokens" of component "cart" may not use acme:geo/lookup@1.0.0: it belongs to no capability set: write inherit_configuration = true (spin.toml:5:1), and add inherit_configuration = true to dependency "acme:hash" (spin.toml:9:1)`},
		{"without positions", capability.Subject{Component: "cart", Path: []capability.Dependency{{Name: "a:b"}}}, store, "", capability.ReasonNotInherited, capability.Position{},
			`dependency "a:b" of component "cart" may not use wasi:keyvalue/store@0.2.0-draft2: add inherit_configuration = ["key_value_stores"] to dependency "a:b"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := capability.Decide(test.subject, test.id, test.set)
			if g.Reason() != test.reason || g.String() != test.text {
				t.Errorf("got %s: %s", g.Reason(), g)
			}
			pos, ok := g.AllowedBy()
			if pos != test.by || ok != (g.Allowed() && g.Reason() != capability.ReasonAmbient) {
				t.Errorf("allowed by %s, %t", pos, ok)
			}
			if g.Interface() != test.id || g.Subject().Component != "cart" {
				t.Errorf("got %s of %s", g.Interface(), g.Subject())
			}
			if g.Allowed() != (g.Err() == nil) || g.Allowed() != (len(g.Missing()) == 0) {
				t.Errorf("got %v, %v", g.Err(), g.Missing())
			}
		})
	}
}

func TestTheZeroGrantAllowsNothing(t *testing.T) {
	if g := (capability.Grant{}); g.Allowed() || g.Err() == nil || g.String() == "" {
		t.Errorf("got %s", g)
	}
}

func TestMissingLinesAllow(t *testing.T) {
	missing := capability.Decide(cart(tokens(inherits("files"))), "wasi:http/client@0.3.0", "").Missing()
	want := `inherit_configuration = ["files", "allowed_outbound_hosts"]`
	if len(missing) != 1 || missing[0].Text != want || missing[0].Dependency != "acme:auth/tokens" || missing[0].Pos != at(5, 1) {
		t.Fatalf("got %+v", missing)
	}
	if g := capability.Decide(cart(tokens(inherits("files", "allowed_outbound_hosts"))), "wasi:http/client@0.3.0", ""); !g.Allowed() {
		t.Errorf("got %s", g)
	}
}

func TestDecideDoesNotAllocate(t *testing.T) {
	subject := cart(tokens(inherits("files", "key_value_stores")))
	if n := testing.AllocsPerRun(100, func() {
		if !capability.Decide(subject, "wasi:keyvalue/store@0.2.0-draft2", "").Allowed() || capability.Decide(subject, "acme:geo/lookup", "geo").Allowed() {
			t.Fatal("wrong decision")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestGrantError(t *testing.T) {
	err := capability.Decide(cart(tokens(capability.Inherit{})), "fermyon:spin/llm", "").Err()
	var grantErr *capability.GrantError
	if !errors.Is(err, capability.ErrDenied) || !errors.As(err, &grantErr) {
		t.Fatalf("got %v", err)
	}
	if grantErr.Set != "ai_models" || grantErr.Interface != "fermyon:spin/llm" || len(grantErr.Missing) != 1 || len(grantErr.Subject.Path) != 1 {
		t.Errorf("got %+v", grantErr)
	}
}

// Nothing that carries a capability is left to a dependency that inherits nothing, and each set opens its own
// interfaces only.
func TestNothingInheritedLeavesNothingOpen(t *testing.T) {
	for set, ids := range guarded {
		for _, id := range ids {
			if g := capability.Decide(cart(tokens(capability.Inherit{})), id, ""); g.Allowed() || g.Set() != set {
				t.Errorf("%s", g)
			}
			for _, other := range capability.Sets() {
				if g := capability.Decide(cart(tokens(inherits(other))), id, ""); g.Allowed() != (other == set) {
					t.Errorf("inherits %s: %s", other, g)
				}
			}
		}
	}
}
