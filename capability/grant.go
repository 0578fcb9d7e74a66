package capability

// Reason is why code may or may not use an interface, as a word for machines.
type Reason string

// The reasons of a [Grant].
const (
	// ReasonOwn allows a component itself every interface. What it reaches through one is for the component's own
	// keys to say, such as key_value_stores.
	ReasonOwn Reason = "own"
	// ReasonAmbient allows everybody what carries no capability.
	ReasonAmbient Reason = "ambient"
	// ReasonInherited allows a dependency a set that it inherits.
	ReasonInherited Reason = "inherited"
	// ReasonInheritedAll allows a dependency everything.
	ReasonInheritedAll Reason = "inherited-all"
	// ReasonNotInherited denies a dependency a set that it does not inherit.
	ReasonNotInherited Reason = "not-inherited"
	// ReasonNoSet denies a dependency an interface that belongs to no set, since it does not inherit everything.
	ReasonNoSet Reason = "no-set"
)

// Grant says whether code may use an interface, and why. Making one is cheap; texts are composed when asked for.
type Grant struct {
	subject Subject
	id, set string
	reason  Reason
	by      Position
}

// Decide decides whether code may use an interface. set is the capability set that whoever provides the interface has
// put it into; if that is empty, the set of [SetOf] counts.
//
// A dependency needs every dependency around it to inherit the set too. Interfaces without set that are not [Ambient]
// are denied to dependencies that do not inherit everything.
func Decide(s Subject, interfaceID, set string) Grant {
	if set == "" {
		set, _ = SetOf(interfaceID)
	}
	g := Grant{subject: s, id: interfaceID, set: set, by: s.Pos}
	switch {
	case set == "" && Ambient(interfaceID):
		g.reason, g.by = ReasonAmbient, Position{}
		return g
	case len(s.Path) == 0:
		g.reason = ReasonOwn
		return g
	}
	for _, d := range s.Path {
		pos, ok := d.Inherit.Allows(set)
		switch {
		case !ok && set == "":
			g.reason, g.by = ReasonNoSet, Position{}
			return g
		case !ok:
			g.reason, g.by = ReasonNotInherited, Position{}
			return g
		case d.Inherit.all:
			g.reason = ReasonInheritedAll
		default:
			g.reason = ReasonInherited
		}
		g.by = pos
	}
	return g
}

// Subject returns who asked.
func (g Grant) Subject() Subject { return g.subject }

// Interface returns the name of the interface, as given.
func (g Grant) Interface() string { return g.id }

// Set returns the capability set that the interface belongs to; empty if it belongs to none.
func (g Grant) Set() string { return g.set }

// Reason returns why.
func (g Grant) Reason() Reason { return g.reason }

// Allowed reports whether the interface may be used.
func (g Grant) Allowed() bool {
	switch g.reason {
	case ReasonOwn, ReasonAmbient, ReasonInherited, ReasonInheritedAll:
		return true
	}
	return false
}

// AllowedBy returns the place in the manifest that allows the interface: the key or the name in its list that the
// dependency inherits by, or the component itself. ok is false if the interface is denied, and if it is ambient.
func (g Grant) AllowedBy() (pos Position, ok bool) {
	return g.by, g.Allowed() && g.reason != ReasonAmbient
}

// Missing returns the lines that would allow a denied interface, one for each dependency on the path that does not
// inherit it, from the component inwards. It is empty if the interface is allowed.
func (g Grant) Missing() []Line {
	if g.Allowed() {
		return nil
	}
	var lines []Line
	for _, d := range g.subject.Path {
		if _, ok := d.Inherit.Allows(g.set); !ok {
			lines = append(lines, d.missing(g.set))
		}
	}
	return lines
}

// Err returns nil if the interface is allowed, else a [*GrantError].
func (g Grant) Err() error {
	if g.Allowed() {
		return nil
	}
	return &GrantError{Subject: g.subject, Interface: g.id, Set: g.set, Missing: g.Missing()}
}

// Why says why the interface may be used, or what to write in the manifest so that it may, without naming subject and
// interface.
func (g Grant) Why() string {
	var s string
	switch g.reason {
	case ReasonAmbient:
		return "it carries no capability"
	case ReasonOwn:
		if s = "it is the component itself"; g.set != "" {
			s = g.set + " of the component says how far"
		}
	case ReasonInherited:
		s = "it inherits " + g.set
	case ReasonInheritedAll:
		s = "it inherits everything"
	default:
		return whyDenied(g.set, g.Missing())
	}
	if g.by == (Position{}) {
		return s
	}
	return s + " (" + g.by.String() + ")"
}

// String explains the decision in a sentence.
func (g Grant) String() string {
	if !g.Allowed() {
		return g.Err().Error()
	}
	return g.subject.String() + " may use " + g.id + ": " + g.Why()
}
