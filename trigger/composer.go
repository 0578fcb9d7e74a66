package trigger

// Composer is implemented by a Trigger whose entries can have dependencies: components that
// the app places around the one that an entry names, such as middleware.
//
//	[[trigger.http]]
//	component = "shop"
//	dependencies.middleware = [{ component = "auth" }]
type Composer interface {
	// Around returns, for a role of dependencies, the interface, without a version, that each
	// of them exports to who is before it, and imports from who is behind it; "" if the
	// trigger does not know the role.
	Around(role string) string
}
