package runtimeconfig

import "github.com/spinhost/spin/capability"

// Config is a runtime configuration. It belongs to the caller.
type Config struct {
	// Dir is the folder of the configuration.
	Dir string

	// StateDir and LogDir are as written, relative to the folder that the
	// program runs in; empty if they are not set.
	StateDir, LogDir string

	// MaxInstanceMemory bounds each linear memory of a guest, in bytes; 0 if it
	// is not set.
	MaxInstanceMemory uint64

	KeyValueStores    []*Section // sorted by label
	SQLiteDatabases   []*Section // sorted by label
	VariableProviders []*Section // in the order in which they are asked
	LLM               *Section   // nil if there is none

	Networking Networking
	HTTP       HTTP
	Redis      Connections
	Postgres   Connections
	MySQL      Connections
	MQTT       MQTT
	ClientTLS  []*ClientTLS // the first that fits counts; see TLSFor

	// Extra holds the tables of a host's own that are there.
	Extra map[string]*Section

	// Warnings tells what was read, but should be written otherwise.
	Warnings Errors

	places *place
}

// Pos returns the place of a top-level key such as "log_dir"; the zero Position if it
// is not there.
func (c *Config) Pos(key string) Position {
	if c.places == nil || c.places.node.Get(key) == nil {
		return Position{}
	}
	return c.places.field(key).key
}

// Networking is [outbound_networking], for all protocols.
type Networking struct {
	// BlockNetworks are networks that no guest reaches, whatever its manifest
	// allows.
	BlockNetworks capability.Networks
	// MaxSocketConnections bounds the raw sockets of all guests, and
	// MaxTotalConnections everything; nil means no bound.
	MaxSocketConnections, MaxTotalConnections *int
}

// Connections is what the other outbound tables have in common.
type Connections struct {
	MaxConnections *int // nil means no bound; 0 blocks everything
}

// HTTP is [outbound_http].
type HTTP struct {
	Connections
	ConnectionPooling bool // whether connections are used again; true unless set
}

// MQTT is [outbound_mqtt].
type MQTT struct {
	Connections
	MaxPayloadSize *int // bytes; nil means no bound
}

// KeyValueFile has the keys of a key-value store of type spin: a file of SQLite.
type KeyValueFile struct {
	Path Path `toml:"path"` // without it, the store is in memory
}

// SQLiteFile has the keys of a SQLite database of type spin.
type SQLiteFile struct {
	// Path is relative to the folder that the program runs in. Without it, the
	// database is in memory.
	Path string `toml:"path"`
	// AllowAttachFile lets guests attach further files.
	AllowAttachFile bool `toml:"allow_attach_file"`
}

// StaticVariables has the keys of a variable provider of type static.
type StaticVariables struct {
	Values map[string]string `toml:"values"`
}

// DefaultEnvPrefix is the prefix of environment variables unless a provider says
// otherwise.
const DefaultEnvPrefix = "SPIN_VARIABLE"

// EnvVariables has the keys of a variable provider of type env.
type EnvVariables struct {
	Prefix *string `toml:"prefix"` // nil means DefaultEnvPrefix
	// DotenvPath names a file of variables that the environment lacks, relative
	// to the folder that the program runs in; nil means none.
	DotenvPath *string `toml:"dotenv_path"`
}
