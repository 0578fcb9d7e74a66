package localhttp

// What guests see of requests within an app, as in Spin.
const (
	// Host is whom the requests are for.
	Host = "localhost"
	// SelfAddr is the address of a component that sends a request to the app itself, PeerAddr that
	// of one that sends it to a component.
	SelfAddr = "127.0.0.1:0"
	PeerAddr = "0.0.0.0:0"
)
