package validate

// Features are the parts of the component model that a host may or may not
// accept. A component that uses one that is false is refused with
// ErrUnsupported.
type Features struct {
	Stackful     bool // async lifted functions without a callback
	Threads      bool // the thread built-ins, but for thread.yield, which is always there
	ErrorContext bool // the error-context type and its built-ins
	FixedLists   bool // lists of fixed length
	Memory64     bool // 64-bit memories in canonical options
	UTF16        bool // string-encoding=utf16
	Latin1UTF16  bool // string-encoding=latin1+utf16
	GC           bool // the GC form of canonical options, for functions without values
}

// AllFeatures accepts everything that can be validated.
func AllFeatures() Features {
	return Features{
		Stackful: true, Threads: true, ErrorContext: true, FixedLists: true,
		Memory64: true, UTF16: true, Latin1UTF16: true, GC: true,
	}
}

// DefaultFeatures accepts what released toolchains use.
func DefaultFeatures() Features {
	return Features{Stackful: true, UTF16: true, Latin1UTF16: true}
}
