package capability

import "github.com/spinhost/spin/internal/wording"

// Decision says whether a component may reach a destination, and why. Making
// one is cheap; texts are composed when asked for.
type Decision struct {
	hosts *Hosts
	dest  Destination
	entry *Entry // that allows; nil if denied
	fault error  // why dest could not be read
}

// Allowed reports whether the destination may be reached.
func (d Decision) Allowed() bool { return d.entry != nil }

// Destination returns the destination that was decided about, which is what the
// caller must connect to. It is the zero Destination if it could not be read.
func (d Decision) Destination() Destination { return d.dest }

// AllowedBy returns the entry that allows the destination.
func (d Decision) AllowedBy() (Entry, bool) {
	if d.entry == nil {
		return Entry{}, false
	}
	return *d.entry, true
}

// MissingEntry returns the allowed_outbound_hosts entry that would allow a denied
// destination, such as "http://example.com:8080". It is empty if the destination
// is allowed, and if no entry could allow it because it could not be read.
func (d Decision) MissingEntry() string {
	if d.entry != nil {
		return ""
	}
	return d.dest.entry()
}

// Err returns nil if the destination is allowed, else a [*DeniedError].
func (d Decision) Err() error {
	if d.entry != nil {
		return nil
	}
	owner := d.hosts.Owner()
	return &DeniedError{
		Component:    owner.Component,
		Destination:  d.dest.String(),
		MissingEntry: d.MissingEntry(),
		Pos:          owner.Pos,
		Unresolved:   d.hosts.unresolved(),
		hosts:        d.hosts,
		fault:        d.fault,
	}
}

// String explains the decision in a sentence.
func (d Decision) String() string {
	if d.entry == nil {
		return d.Err().Error()
	}
	return d.dest.String() + " is allowed by " + wording.Quote(d.entry.Text) + " at " + d.entry.Pos.String()
}

// allows reports whether p matches an absolute or a relative destination.
func (p *pattern) allows(d *Destination) bool {
	switch {
	case d.relative:
		return p.matchesSelf()
	case d.scheme == "":
		return false
	}
	return p.matches(d)
}
