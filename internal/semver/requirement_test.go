package semver_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/semver"
)

func requirement(t *testing.T, text string) semver.Requirement {
	t.Helper()
	r, err := semver.ParseRequirement(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMatches(t *testing.T) {
	for _, c := range []struct{ requirement, yes, no string }{
		{"1.2.3", "1.2.3 1.2.4 1.3.0 1.2.3+b", "1.2.2 1.1.9 2.0.0 0.2.3 1.2.3-a 1.3.0-a"},
		{"^1.2", "1.2.0 1.9.0", "1.1.9 2.0.0 1.2.0-a"},
		{"1", "1.0.0 1.9.9", "0.9.9 2.0.0 2.0.0-a"},
		{"0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0 1.2.3"},
		{"0.2", "0.2.0 0.2.9", "0.3.0 0.1.9"},
		{"0.0.3", "0.0.3", "0.0.2 0.0.4 0.1.0"},
		{"0.0", "0.0.0 0.0.9", "0.1.0"},
		{"0", "0.0.0 0.9.9", "1.0.0"},
		{"~1.2.3", "1.2.3 1.2.9", "1.2.2 1.3.0 2.2.3"},
		{"~1.2", "1.2.0 1.2.9", "1.3.0 1.1.0"},
		{"~1", "1.0.0 1.9.9", "2.0.0 0.9.0"},
		{"=1.2.3", "1.2.3 1.2.3+b", "1.2.4 1.2.3-a"},
		{"=1.2", "1.2.0 1.2.9", "1.3.0"},
		{"=1", "1.0.0 1.9.9", "2.0.0"},
		{">1.2.3", "1.2.4 2.0.0", "1.2.3 1.2.3+b 1.2.4-a"},
		{">1.2", "1.3.0 2.0.0", "1.2.0 1.2.9"},
		{">1", "2.0.0", "1.0.0 1.9.9"},
		{">=1.2", "1.2.0 3.0.0", "1.1.9 1.2.0-a"},
		{"<1.2.3", "1.2.2 0.0.0", "1.2.3 1.2.3-a 1.2.2-a"},
		{"<1.2", "1.1.9", "1.2.0 1.2.9"},
		{"<=1.2", "1.2.9 1.1.0", "1.3.0"},
		{"<=1", "1.9.9 0.0.1", "2.0.0"},
		{">= 1.0 , <2.0", "1.0.0 1.9.9", "0.9.9 2.0.0 2.0.0-a"},
		{"1.2.*", "1.2.0 1.2.9", "1.3.0"},
		{"1.*", "1.0.0 1.9.0", "2.0.0"},
		{"1.x.X", "1.0.0 1.9.0", "2.0.0"},
		{">=1.*", "1.0.0 2.0.0", "0.9.0"},
		{" * ", "0.0.0 9.9.9", "1.0.0-a"},
		{"x", "1.0.0", "1.0.0-a"},

		// Prereleases.
		{"1.2.3-b", "1.2.3-b 1.2.3-c 1.2.3 1.3.0", "1.2.3-a 1.2.4-b 1.3.0-c 2.0.0"},
		{"~1.2.3-b", "1.2.3-b 1.2.3 1.2.4", "1.2.3-a 1.2.4-c 1.3.0"},
		{"=1.2.3-b", "1.2.3-b 1.2.3-b+x", "1.2.3 1.2.3-a 1.2.3-b.1"},
		{">1.2.3-b", "1.2.3-c 1.2.3 2.0.0", "1.2.3-b 1.2.4-c"},
		{"<1.2.3-b", "1.2.3-a 1.2.2", "1.2.3-b 1.2.3 1.2.2-a"},
		{"0.0.3-b", "0.0.3-b 0.0.3-c 0.0.3", "0.0.4"},
		{">=1.2.3-b, <1.2.3", "1.2.3-b 1.2.3-c", "1.2.3 1.2.2"},
		{"1, >=1.2.3-b", "1.2.3-c 1.5.0", "1.2.3-a 1.4.0-c"},
		{"=1.2, >=1.2.3-b", "1.2.3", "1.2.3-c"},
	} {
		r := requirement(t, c.requirement)
		again := requirement(t, r.String())
		for _, text := range strings.Fields(c.yes) {
			if v := parse(t, text); !r.Matches(v) || !again.Matches(v) {
				t.Errorf("%s does not take %s", c.requirement, text)
			}
		}
		for _, text := range strings.Fields(c.no) {
			if v := parse(t, text); r.Matches(v) || again.Matches(v) {
				t.Errorf("%s takes %s", c.requirement, text)
			}
		}
	}
	if (semver.Requirement{}).String() != "*" || !(semver.Requirement{}).Matches(semver.Version{}) {
		t.Error("the zero requirement is not *")
	}
}

func TestParseRequirementFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                             `"" is not a version requirement: there is the end where a number has to be`,
		"latest":                       `there is 'l' where a number has to be: write numbers such as 1.2.0`,
		"v1":                           `there is 'v' where a number has to be`,
		">=":                           `there is the end where a number has to be`,
		"==1.0":                        `there is '=' where a number has to be`,
		"1.":                           `there is the end where a number has to be`,
		"01":                           `the number 01 starts with a zero: write 1`,
		">=1.0 <2.0":                   `there is '<' after a comparator: separate comparators by commas`,
		"1 || 2":                       `there is '|' after a comparator: there are no alternatives`,
		"1.2-beta":                     `there is '-' after a comparator: write all three numbers before a prerelease`,
		"1.0,":                         `there is the end where a number has to be`,
		",1.0":                         `there is ',' where a number has to be`,
		"1.0, *":                       `a wildcard stands beside a comparator: write the wildcard alone`,
		"*, 1.0":                       `there is ',' after the wildcard: write the wildcard alone`,
		"*.1":                          `there is '.' after the wildcard`,
		"1.*.1":                        `there is '1' after a wildcard: write wildcards at the end`,
		"1.*.":                         `there is the end after a wildcard`,
		"1.2.*-a":                      `there is '-' after a comparator`,
		"1.2.3.4":                      `there is '.' after a comparator`,
		"1. 2":                         `there is ' ' where a number has to be`,
		"1.2.3-":                       `there is the end where an identifier of the prerelease has to be`,
		"1\t":                          `there is '\t' after a comparator`,
		strings.Repeat("1,", 32) + "1": `it has more than 32 comparators`,
		strings.Repeat(" ", 257):       `it has more than 256 bytes`,
	} {
		_, err := semver.ParseRequirement(text)
		var fault *semver.Error
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestHighest(t *testing.T) {
	texts := strings.Fields("1.2.0 1.10.0+a 1.10.0+c 1.10.0+b 1.9.0 2.0.0-rc 1.11.0-a")
	var versions []semver.Version
	for _, text := range texts {
		versions = append(versions, parse(t, text))
	}
	for text, want := range map[string]int{"1": 2, "*": 2, ">=2.0.0-a": 5, "~1.2": 0, "3": -1, "=1.10.0": 2} {
		if got := requirement(t, text).Highest(versions); got != want {
			t.Errorf("%s: got %d, want %d", text, got, want)
		}
	}
}

func TestExactly(t *testing.T) {
	for _, text := range []string{"1.2.3", "0.0.0", "1.2.3-a.1"} {
		v := parse(t, text)
		r := semver.Exactly(v)
		if r.String() != "="+text || !r.Matches(v) || r.Matches(parse(t, "1.2.3-a")) {
			t.Errorf("%s gives %s", text, r)
		}
	}
}
