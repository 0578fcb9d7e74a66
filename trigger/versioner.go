package trigger

// Versioner is implemented by a [Host] whose app may have a version.
type Versioner interface {
	// Version returns the version of the app, "" if it has none.
	Version() string
}
