package semver_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/semver"
)

func parse(t *testing.T, text string) semver.Version {
	t.Helper()
	v, err := semver.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestParse(t *testing.T) {
	for text, want := range map[string]semver.Version{
		"0.0.0":                      {},
		"1.2.3":                      {Major: 1, Minor: 2, Patch: 3},
		"10.20.30-a-b.0.0a+00.x-":    {Major: 10, Minor: 20, Patch: 30, Pre: "a-b.0.0a", Build: "00.x-"},
		"1.0.0+001":                  {Major: 1, Build: "001"},
		"18446744073709551615.0.0-1": {Major: 1<<64 - 1, Pre: "1"},
	} {
		v, err := semver.Parse(text)
		if err != nil || v != want || v.String() != text {
			t.Errorf("%s: got %+v %v", text, v, err)
		}
	}
}

func TestParseFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  `"" is not a version: there is the end where a number has to be: write all of MAJOR.MINOR.PATCH, such as 1.2.0`,
		"1":                                 `there is the end where a dot has to be: write all of MAJOR.MINOR.PATCH`,
		"1.2":                               `there is the end where a dot has to be`,
		"1.2.":                              `there is the end where a number has to be`,
		"1.2.3.4":                           `there is '.' after it`,
		"v1.2.3":                            `it starts with a letter: leave it out: "1.2.3"`,
		"01.2.3":                            `the number 01 starts with a zero: write 1`,
		"1.00.3":                            `the number 00 starts with a zero: write 0`,
		"1.2.3-":                            `there is the end where an identifier of the prerelease has to be`,
		"1.2.3-a..b":                        `there is '.' where an identifier of the prerelease has to be`,
		"1.2.3-01":                          `the number 01 in the prerelease starts with a zero: write 1`,
		"1.2.3+":                            `where an identifier of the build metadata has to be`,
		"1.2.3+a+b":                         `there is '+' after it`,
		"1.2.3 ":                            `there is ' ' after it`,
		" 1.2.3":                            `there is ' ' where a number has to be`,
		"1.2.-3":                            `there is '-' where a number has to be`,
		"^1.2.3":                            `there is '^' where a number has to be`,
		"1.2.3-é":                           `there is 'é' where an identifier`,
		"18446744073709551616.0.0":          `the number 18446744073709551616 is too large`,
		"1.2.3-" + strings.Repeat("a", 300): `it has more than 256 bytes`,
	} {
		v, err := semver.Parse(text)
		var fault *semver.Error
		if !errors.As(err, &fault) || v != (semver.Version{}) {
			t.Errorf("%q: got %v %v", text, v, err)
			continue
		}
		if !strings.Contains(err.Error(), want) || fault.Offset > len(text) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

// TestOrder sorts the versions of a list that is in order.
func TestOrder(t *testing.T) {
	ordered := []string{
		"0.0.0-0", "0.0.0", "0.0.1", "0.2.0", "0.10.0",
		"1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-99999999999999999999999", "1.0.0-100000000000000000000000", "1.0.0-2a", "1.0.0-A", "1.0.0-a", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.1.0",
		"1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
		"1.0.1-a", "1.0.1", "2.0.0",
	}
	versions := make([]semver.Version, len(ordered))
	for i, text := range ordered {
		versions[i] = parse(t, text)
	}
	for i, v := range versions {
		for j, w := range versions {
			if got := v.Compare(w); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%s against %s: %d", v, w, got)
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	shuffled := slices.Clone(versions)
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	slices.SortFunc(shuffled, semver.Version.Compare)
	if !slices.Equal(shuffled, versions) {
		t.Errorf("got %v", shuffled)
	}
	if parse(t, "1.0.0+a").Compare(parse(t, "1.0.0+b")) != 0 {
		t.Error("build metadata counts")
	}
}

func TestTrack(t *testing.T) {
	for text, want := range map[string]string{
		"1.2.3":         "1",
		"1.0.0+b":       "1",
		"12.0.0":        "12",
		"0.2.3":         "0.2",
		"0.2.3+b":       "0.2",
		"0.0.3":         "0.0.3",
		"0.0.3+b":       "0.0.3",
		"0.0.0":         "0.0.0",
		"1.0.0-alpha":   "1.0.0-alpha",
		"0.1.0-alpha+b": "0.1.0-alpha",
	} {
		if got := parse(t, text).Track(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
