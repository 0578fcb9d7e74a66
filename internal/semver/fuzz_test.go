package semver_test

import (
	"testing"

	"github.com/spinhost/spin/internal/semver"
)

// FuzzParse looks for panics, and for what is read otherwise once it was written
// again.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"1.2.3", "0.0.1-a.0+00", "1.2.3-01", "v1.2.3", "99999999999999999999.0.0"} {
		f.Add(text, "1.0.0-"+text)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		v, err := semver.Parse(a)
		if err != nil {
			checkFault(t, a, err)
			return
		}
		if v.String() != a || v.Compare(v) != 0 || v.Track() == "" {
			t.Fatalf("%q became %s", a, v)
		}
		w, err := semver.Parse(b)
		if err != nil {
			return
		}
		if v.Compare(w) != -w.Compare(v) {
			t.Fatalf("%s against %s: %d and %d", v, w, v.Compare(w), w.Compare(v))
		}
		if v.Pre == "" && w.Pre == "" && v.Compare(w) <= 0 {
			r, err := semver.ParseRequirement(a)
			if err != nil {
				t.Fatal(err)
			}
			if r.Matches(w) != (v.Track() == w.Track()) {
				t.Fatalf("%s and %s: the track and the requirement differ", v, w)
			}
		}
	})
}

func FuzzParseRequirement(f *testing.F) {
	for _, text := range []string{"*", "1", ">= 1.2 , <2", "~0.0.3-a", "1.*.x", "=1.2.3+b", "1,", "^^1"} {
		f.Add(text, "1.2.3")
	}
	f.Fuzz(func(t *testing.T, text, version string) {
		r, err := semver.ParseRequirement(text)
		if err != nil {
			checkFault(t, text, err)
			return
		}
		again, err := semver.ParseRequirement(r.String())
		if err != nil || again.String() != r.String() {
			t.Fatalf("%q became %q, %v", text, r, err)
		}
		v, err := semver.Parse(version)
		if err == nil && r.Matches(v) != again.Matches(v) {
			t.Fatalf("%q and %q judge %s differently", text, r, v)
		}
	})
}

func checkFault(t *testing.T, text string, err error) {
	fault, ok := err.(*semver.Error)
	if !ok || fault.Offset < 0 || fault.Offset > len(text) || fault.Reason == "" || len(err.Error()) > 1500 {
		t.Fatalf("%q: %T %.500v", text, err, err)
	}
}
