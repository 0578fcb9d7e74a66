package capability

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// ErrDenied is matched by errors.Is for every denied destination and interface.
var ErrDenied = errors.New("not allowed by the manifest")

// DeniedError tells what a component may not reach and how the manifest would
// allow it.
type DeniedError struct {
	Component    string   // id
	Destination  string   // without user, password and path
	MissingEntry string   // to add to allowed_outbound_hosts; empty if none can help
	Pos          Position // of the list; of the component if it has none
	Unresolved   []Entry  // of the list that match nothing, as variables in them have no value

	hosts *Hosts
	fault error
}

// Error names component, destination, what to add and where.
func (e *DeniedError) Error() string {
	who := "a component"
	if e.Component != "" {
		who = "component " + strconv.Quote(e.Component)
	}
	switch {
	case e.fault != nil:
		return who + " may not connect: " + e.fault.Error()
	case e.MissingEntry == "":
		return who + " may not connect to an unknown destination"
	}
	s := who + " may not connect to " + e.Destination + ": "
	if e.hosts.Owner().HasList {
		s += "add " + strconv.Quote(e.MissingEntry) + " to allowed_outbound_hosts"
	} else {
		s += "add the line " + e.ManifestLine()
	}
	if e.Pos != (Position{}) {
		s += " (" + e.Pos.String() + ")"
	}
	return s + e.unresolved()
}

// unresolved names the first of the entries that could not be resolved.
func (e *DeniedError) unresolved() string {
	if len(e.Unresolved) == 0 {
		return ""
	}
	first := e.Unresolved[0]
	s := "; " + wording.Quote(first.Text) + " at " + first.Pos.String()
	if more := len(e.Unresolved) - 1; more > 0 {
		s += " and " + strconv.Itoa(more) + " more"
	}
	return s + " did not count, as variables in it have no value"
}

// ManifestLine returns the line that the manifest should have: the list as it is
// with the missing entry at its end. It is empty if no entry can help.
func (e *DeniedError) ManifestLine() string {
	if e.MissingEntry == "" {
		return ""
	}
	var line strings.Builder
	line.WriteString("allowed_outbound_hosts = [")
	if e.hosts != nil {
		for _, entry := range e.hosts.entries {
			line.WriteString(tomlString(entry.Text) + ", ")
		}
	}
	line.WriteString(tomlString(e.MissingEntry) + "]")
	return line.String()
}

// Is makes errors.Is(err, ErrDenied) hold, and errors.Is(err, ErrUnresolved) if
// the list has entries that could not be resolved.
func (e *DeniedError) Is(target error) bool {
	return target == ErrDenied || target == ErrUnresolved && len(e.Unresolved) > 0
}

// Unwrap returns the *[DestinationError] if the destination could not be read.
func (e *DeniedError) Unwrap() error { return e.fault }

// tomlString writes a TOML basic string. Entries that parsed are ASCII but for
// surrounding white space, which is dropped.
func tomlString(s string) string { return strconv.Quote(strings.TrimSpace(s)) }
