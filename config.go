package spin

import (
	"crypto/x509"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/keyvalue"
	"github.com/spinhost/spin/hostapi/sqlite"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/registry"
	"github.com/spinhost/spin/runtimeconfig"
	"github.com/spinhost/spin/target"
	"github.com/spinhost/spin/trigger"
)

// Config configures an App. The zero value, or nil, is right for a laptop. Load copies it; what
// it refers to belongs to the app from then on, or is shared, and must not change. Functions,
// those of HostAPIs included, are called by Load, one at a time, and later too for triggers that
// ask for further components.
type Config struct {
	// FS is where the manifest and the components are read from, with slashes in all paths and
	// nothing outside of it; nil means the files of the operating system. Components that have a
	// URL or a version come from Downloads and Registry.
	FS fs.FS

	// Registry has the packages that manifests name by version; nil means that there are none. A
	// folder of packages is one: registry.Dir.
	Registry registry.Registry

	// Downloads fetches the components that manifests name by URL; nil means a client of the app's
	// own that follows redirects and uses no proxy. Which addresses a manifest can reach by it is
	// the client's matter.
	Downloads *http.Client

	// SourceCache is the folder in which downloaded components are kept; "" means one in the
	// user's cache directory, "-" keeps none. What comes out of it is compared with its digest.
	SourceCache string

	// Profile is the build profile of the manifest to load the components with; empty for none.
	// Load refuses one that no component defines.
	Profile string

	// Targets has Load check all components that triggers use against the environments that the
	// manifest names as targets: they must be allowed to import what they do, and export what is
	// wanted there. Nil means that targets are not looked at, as they say where else the app is
	// to run. Paths of definitions start at the folder of the manifest unless Targets.FS is set.
	Targets *target.Loader

	// Runtime runs the guests; nil means DefaultRuntime. The app does not close it.
	Runtime *Runtime

	// HostAPIs are the host interfaces that guests can import; the zero Registry means
	// DefaultHostAPIs.
	HostAPIs hostapi.Registry

	// Variables have the values of the variables that the manifest declares, and are asked in
	// order: the first that has a value counts, one that fails ends the search, and if none has
	// one it is the default of the manifest.
	Variables []variables.Provider

	// FallbackVariables are asked after Variables and the providers of RuntimeConfig.
	FallbackVariables []variables.Provider

	// RuntimeConfig says what stores, databases and variables there are in addition to those that
	// stand here; what stands here counts before it. It can be nil. Load refuses what it asks for
	// that this version does not serve; its errors are *runtimeconfig.Error.
	RuntimeConfig *runtimeconfig.Config

	// RuntimeTypes build what the sections of RuntimeConfig describe; the zero RuntimeTypes means
	// DefaultRuntimeTypes(nil), which have no access to the environment.
	RuntimeTypes RuntimeTypes

	// Triggers are the kinds of triggers that an app can have; the zero Registry means
	// DefaultTriggers, with Limits.RequestTime for the HTTP trigger.
	Triggers trigger.Registry

	// Logger is told what goes wrong and, at debug level, what guests print; nil discards.
	Logger *slog.Logger

	// Stdout and Stderr return where the standard output and error of a component go; nil
	// means Logger. They are called once for each component. The writers are used by several
	// goroutines at once, with what a guest writes at once; a writer that blocks stops the guest.
	Stdout, Stderr func(component string) io.Writer

	// LogDir is a folder of files with what components print, each write as it is, besides where
	// it goes anyhow: ID_stdout.txt and ID_stderr.txt, to which is added what comes. It is made if
	// it is not there. "" means log_dir of RuntimeConfig, and without it that there are no files;
	// "-" means that there are none in any case.
	LogDir string

	// Env is added to the environment of every component, over that of the manifest.
	Env map[string]string

	// StateDir is where the app keeps its data; "" means that of RuntimeConfig, and without it
	// they are kept in memory.
	StateDir string

	// DirectMounts lets guests see the folders that files names as they are, so that what changes
	// in them is seen; all entries must be folders then, and there can be no exclude_files. Without
	// it guests see the files that were there when the app was loaded.
	DirectMounts bool

	// AllowTransientWrite lets guests change their files: copies of them, which Close removes, or
	// with DirectMounts the folders themselves. All instances of a component share them. Without it
	// nothing is copied, and guests read the files where they are.
	AllowTransientWrite bool

	// TempDir is the folder in which copies of files are made; "" means that of the operating
	// system for temporary files.
	TempDir string

	// KeyValueStores are the key-value stores that components can have, by the labels that
	// manifests use. Those that need closing stay the caller's, who closes them after the app.
	// Without an entry for it, "default" is the file sqlite_key_value.db in StateDir.
	KeyValueStores map[string]keyvalue.Store

	// SQLiteDatabases are the databases that components can have, by the labels that manifests
	// use. They belong to the app, which closes those that are an io.Closer. Without an entry
	// for it, "default" is the file sqlite_db.db in StateDir.
	SQLiteDatabases map[string]sqlite.Database

	// BlockNetworks are networks that no component reaches, whatever its manifest allows, in
	// addition to block_networks of RuntimeConfig. Addresses are looked at when they are
	// connected to, after names were resolved.
	BlockNetworks capability.Networks

	// HTTP sends the outbound requests that components may make; nil means a client of the
	// app's own that uses no proxy. Redirects are for the guest to follow. Requests to the app
	// itself and to its components do not come here: they need no socket. What stands here
	// must keep BlockNetworks closed itself, with hostapi.NewDialer for instance.
	HTTP http.RoundTripper

	// InterceptHTTP, if not nil, is called once for each component and each dependency inside one,
	// and returns what sends their outbound requests in place of next; nil means next. It is asked
	// about requests that the manifest allows, and lets one pass by next, refuses it by an error,
	// sends another one in its place, or answers itself. An error that wraps ErrDenied tells the
	// guest that the request is denied, one that wraps a code of wasi:http tells that code.
	//
	// Requests to the app itself have the host self.alt, those to its components names such as
	// cart.spin.internal; next knows both. What next sends is not compared with the manifest
	// again, while BlockNetworks stay closed. Values of the context given to the app with the
	// guest's own request are in that of its outbound requests. Trailers of a request come in its
	// Trailer, when the body has ended: a copy of the request has to have the same map.
	InterceptHTTP func(from Origin, next http.RoundTripper) http.RoundTripper

	// NoConnectionPooling has every outbound HTTP request make a connection of its own. It has no
	// effect on HTTP.
	NoConnectionPooling bool

	// ClientTLS are the certificates and roots by which components connect to hosts, the first
	// that fits counting, before those of RuntimeConfig. It has no effect on HTTP.
	ClientTLS []ClientTLS

	// WebPKIRoots adds the roots of the common browsers to a pool, for RuntimeConfig to ask for
	// them; nil means that it cannot. The module golang.org/x/crypto/x509roots/fallback has some.
	WebPKIRoots func(*x509.CertPool)

	// Limits bound what guests take.
	Limits Limits

	// Components has settings of single components, by id. Those of components that the app does
	// not have are an error of Load. What they leave open is as in ComponentDefaults.
	Components map[string]ComponentConfig

	// ComponentDefaults are the settings of all components.
	ComponentDefaults ComponentConfig
}

// Limits bound what the guests of an app take. Zero fields have the defaults that stand with
// them.
type Limits struct {
	// Memory bounds the memory of an instance, in bytes, over all memories that it has.
	// The default is max_instance_memory of Config.RuntimeConfig, and without it no bound but
	// 4 GiB for each.
	Memory int64
	// RequestTime bounds the time until the head of a response. The default is no bound. It
	// has an effect only if Config.Triggers is zero; triggers that stand there have
	// configurations of their own.
	RequestTime time.Duration
	// ComputeTime bounds for how long a guest may compute without waiting for anything. The
	// default is 30 s; negative means no bound.
	ComputeTime time.Duration
	// TailTime bounds for how long a guest may go on when its work was answered and nobody
	// uses its instance. The default is 30 s.
	TailTime time.Duration
	// Handles bounds the live handles of an instance. The default is 1,000,000.
	Handles int
	// OpenFiles bounds the files, directories and listings of them that an instance has open. The
	// default is 1,024.
	OpenFiles int
	// Tasks bounds the calls that an instance has in progress, between its components too. The
	// default is 4,096.
	Tasks int
	// CallBytes bounds the memory of the host that the values of one call take, in bytes. The
	// default is 128 MiB.
	CallBytes int64
	// Connections bounds the outbound connections of all components and protocols,
	// HTTPConnections those of HTTP among them, with those that are kept for further requests,
	// and SocketConnections those of sockets: TCP from when it begins to connect, UDP from the
	// start. HTTP requests wait for one until their time to connect is over, sockets do not wait.
	// The defaults are max_total_connections, max_connections and max_socket_connections of
	// Config.RuntimeConfig, and without them no bound; negative means that there can be none.
	Connections, HTTPConnections, SocketConnections int
	// LocalDepth bounds how deep requests that components send to the app itself, or to each
	// other, lie within one another: a component that sends itself what it has received would
	// never end. The default is 16.
	LocalDepth int
	// LocalRoomTime bounds for how long such a request waits for an instance, as who has sent it
	// takes the room of one. The default is 5 s.
	LocalRoomTime time.Duration
	// Component bounds what components are made of, so that one from a stranger cannot take
	// much to compile. Zero fields have defaults that every toolchain's output keeps to.
	Component engine.Limits
}

// computeTime returns the bound for the engine, where 0 means none.
func (l Limits) computeTime() time.Duration {
	switch {
	case l.ComputeTime < 0:
		return 0
	case l.ComputeTime == 0:
		return defaultComputeTime
	}
	return l.ComputeTime
}
