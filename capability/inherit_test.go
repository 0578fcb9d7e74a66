package capability_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

// at returns a position in spin.toml.
func at(line, column int) capability.Position {
	return capability.Position{File: "spin.toml", Line: line, Column: column}
}

// inherits is the list of names in line 5 of spin.toml.
func inherits(names ...string) capability.Inherit {
	var list []capability.Entry
	for i, name := range names {
		list = append(list, capability.Entry{Text: name, Pos: at(5, 30+20*i)})
	}
	return capability.InheritSets(at(5, 1), list)
}

func TestInheritAllows(t *testing.T) {
	for _, test := range []struct {
		inherit capability.Inherit
		set     string
		want    capability.Position
		ok      bool
		text    string
	}{
		{capability.Inherit{}, "variables", capability.Position{}, false, "nothing"},
		{capability.InheritAll(at(4, 1), false), "variables", capability.Position{}, false, "nothing"},
		{capability.InheritAll(at(4, 1), true), "variables", at(4, 1), true, "everything"},
		{capability.InheritAll(at(4, 1), true), "", at(4, 1), true, "everything"},
		{capability.InheritForAll(at(2, 1), true), "geo", at(2, 1), true, "everything"},
		{inherits(), "variables", capability.Position{}, false, "nothing"},
		{inherits("files", "geo"), "geo", at(5, 50), true, "files, geo"},
		{inherits("files"), "variables", capability.Position{}, false, "files"},
		{inherits("file"), "files", capability.Position{}, false, "file"},
		{inherits(""), "", capability.Position{}, false, ""},
	} {
		pos, ok := test.inherit.Allows(test.set)
		if pos != test.want || ok != test.ok || test.inherit.String() != test.text {
			t.Errorf("%s, %q: got %s, %t", test.inherit, test.set, pos, ok)
		}
		if test.inherit.All() != (test.text == "everything") || test.inherit.All() && test.inherit.Pos() != test.want {
			t.Errorf("%s: all %t at %s", test.inherit, test.inherit.All(), test.inherit.Pos())
		}
	}
}

func TestInheritKeepsNoSliceOfTheCaller(t *testing.T) {
	list := []capability.Entry{{Text: "files"}}
	i := capability.InheritSets(at(1, 1), list)
	list[0].Text = "variables"
	i.Names()[0].Text = "variables"
	if _, ok := i.Allows("variables"); ok || !slices.Equal(i.Names(), []capability.Entry{{Text: "files"}}) {
		t.Errorf("got %s", i)
	}
}

func TestInheritCheck(t *testing.T) {
	known := append(capability.Sets(), "geo")
	for _, i := range []capability.Inherit{{}, inherits(), capability.InheritAll(at(1, 1), true), inherits(known...)} {
		if err := i.Check(known); err != nil {
			t.Errorf("%s: %v", i, err)
		}
	}
	err := inherits("key_value_stores", "key-value-store", "no_such_set", "geo").Check(known)
	var errs capability.InheritErrors
	if !errors.As(err, &errs) || len(errs) != 2 || errs[0].Nearest != "key_value_stores" || errs[1].Nearest != "" {
		t.Fatalf("got %v", err)
	}
	sets := "the sets are ai_models, allowed_outbound_hosts, environment, files, key_value_stores, sqlite_databases, variables, geo"
	want := `spin.toml:5:50: inherit_configuration: "key-value-store" is no capability set: write "key_value_stores"; ` + sets + "\n" +
		`spin.toml:5:70: inherit_configuration: "no_such_set" is no capability set: ` + sets
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	var first *capability.InheritError
	if !errors.As(err, &first) || first.Name.Pos != at(5, 50) {
		t.Errorf("got %v", first)
	}
}

func TestInheritCheckKnowsCommonMistakes(t *testing.T) {
	for name, want := range map[string]string{
		"true":                   "inherit_configuration = true",
		"*":                      "inherit_configuration = true",
		"key_value_stores:cache": `write "key_value_stores", as sets are inherited as a whole`,
		"Variables":              `write "variables"`,
		"sqlite_database":        `write "sqlite_databases"`,
		"":                       "the sets are",
	} {
		if err := inherits(name).Check(capability.Sets()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", name, err)
		}
	}
	if err := inherits("x").Check(nil); err == nil || !strings.HasSuffix(err.Error(), "there are no sets") {
		t.Errorf("got %v", err)
	}
}

// FuzzInherit looks for panics and long messages, and for names that are known and refused, or allowed and unknown.
func FuzzInherit(f *testing.F) {
	for _, names := range []string{"key_value_stores", "files,variables", "geo", "", "a:b", ",,", strings.Repeat("é", 100)} {
		f.Add(names, "geo")
	}
	f.Fuzz(func(t *testing.T, names, own string) {
		known := append(capability.Sets(), own)
		i := inherits(strings.Split(names, ",")...)
		err := i.Check(known)
		var errs capability.InheritErrors
		errors.As(err, &errs)
		for _, e := range errs {
			if slices.Contains(known, e.Name.Text) || len(e.Error()) > 1024+len(own)*6 {
				t.Fatalf("got %v", e)
			}
		}
		if unknown := slices.DeleteFunc(i.Names(), func(n capability.Entry) bool { return slices.Contains(known, n.Text) }); len(unknown) != len(errs) {
			t.Fatalf("%d unknown names, %d errors", len(unknown), len(errs))
		}
		for _, set := range known {
			if _, ok := i.Allows(set); ok && !slices.Contains(strings.Split(names, ","), set) {
				t.Fatalf("%q is allowed", set)
			}
		}
	})
}
