package runtimeconfig

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
)

// topLevel are the keys of a configuration.
var topLevel = []string{"state_dir", "log_dir", "max_instance_memory", "key_value_store", "sqlite_database", "llm_compute",
	"variables_provider", "config_provider", "outbound_networking", "outbound_http", "outbound_redis", "outbound_pg", "outbound_mysql",
	"outbound_mqtt", "client_tls"}

// Load reads the configuration in a file of the operating system. See [Parse].
func Load(name string, extra ...string) (*Config, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+16))
	if err != nil {
		return nil, err
	}
	return Parse(data, name, extra...)
}

// Parse reads a configuration. The name of its file is for messages, and the names
// of files in the configuration are relative to its folder. Further top-level tables
// that the host reads itself are named as extra.
//
// The error is [Errors] with every fault. Sections have been checked for a type, and
// are otherwise checked by [Section.Decode].
func Parse(data []byte, name string, extra ...string) (*Config, error) {
	values, places, err := parseDocument(name, data)
	if err != nil {
		return nil, err
	}
	p := &parser{
		decoder: decoder{faults: &faults{}, dir: filepath.Dir(name)},
		config:  &Config{Dir: filepath.Dir(name), HTTP: HTTP{ConnectionPooling: true}, places: places},
		values:  values, places: places, extra: extra,
	}
	p.unknownKeys()
	p.general()
	p.sections()
	p.networking()
	p.connections()
	p.clientTLS()
	if err := p.err(); err != nil {
		return nil, err
	}
	return p.config, nil
}

// parser makes a Config of a document.
type parser struct {
	decoder
	config *Config
	values map[string]any
	places *place
	extra  []string
}

// unknownKeys reports the top-level keys that nobody reads.
func (p *parser) unknownKeys() {
	known := slices.Concat(topLevel, p.extra)
	for _, key := range slices.Sorted(maps.Keys(p.values)) {
		if !slices.Contains(known, key) {
			p.add(p.places.field(key).key, tomltree.Path("", key), ErrUnknownKey, "%s", unknownKey(key, known))
		}
	}
}

// general reads the keys that are no tables.
func (p *parser) general() {
	var general struct {
		StateDir  string `toml:"state_dir"`
		LogDir    string `toml:"log_dir"`
		MaxMemory *int64 `toml:"max_instance_memory"`
	}
	p.read(p.values, p.places, "", &general, slices.Concat(topLevel, slices.Sorted(maps.Keys(p.values))))
	p.config.StateDir, p.config.LogDir = general.StateDir, general.LogDir
	if general.MaxMemory == nil {
		return
	}
	if *general.MaxMemory <= 0 {
		p.add(p.places.field("max_instance_memory").value, "max_instance_memory", nil, "must be positive: write a number of bytes, or remove the key")
		return
	}
	p.config.MaxInstanceMemory = uint64(*general.MaxMemory)
}

// table returns the table of a top-level key, nil if there is none.
func (p *parser) table(key string) (map[string]any, *place) {
	value, ok := p.values[key]
	if !ok {
		return nil, nil
	}
	at := p.places.field(key)
	table, _ := expect[map[string]any](&p.decoder, value, at, key, "a table")
	return table, at
}

// sections reads the tables that have a type.
func (p *parser) sections() {
	p.config.KeyValueStores = p.labelled("key_value_store")
	p.config.SQLiteDatabases = p.labelled("sqlite_database")
	if table, at := p.table("llm_compute"); table != nil {
		p.config.LLM = p.typed(table, at, "llm_compute", "")
	}
	p.providers()
	for _, key := range p.extra {
		if table, at := p.table(key); table != nil {
			if p.config.Extra == nil {
				p.config.Extra = make(map[string]*Section)
			}
			p.config.Extra[key] = &Section{table: table, places: at, path: key, dir: p.dir}
		}
	}
}

// labelled reads [key.LABEL] tables.
func (p *parser) labelled(key string) []*Section {
	tables, at := p.table(key)
	var list []*Section
	for _, label := range slices.Sorted(maps.Keys(tables)) {
		path, place := tomltree.Path(key, label), at.field(label)
		table, ok := tables[label].(map[string]any)
		if !ok {
			p.add(place.value, path, nil, "must be a table, not %s: write [%s.LABEL] with a label of the manifest", kindOf(tables[label]), key)
			continue
		}
		list = append(list, p.typed(table, place, path, label))
	}
	return list
}

// providers reads [[variables_provider]], or [[config_provider]] as it was called.
func (p *parser) providers() {
	const current, legacy = "variables_provider", "config_provider"
	key := current
	if _, ok := p.values[legacy]; ok {
		if _, both := p.values[current]; both {
			p.add(p.places.field(legacy).key, legacy, ErrUnknownKey, "is the old name of %s: write [[%s]] here too", current, current)
		} else {
			key = legacy
		}
	}
	value, ok := p.values[key]
	if !ok {
		return
	}
	at := p.places.field(key)
	list, ok := value.([]any)
	if !ok {
		p.add(at.value, key, nil, "must be an array of tables, not %s: write [[%s]]", kindOf(value), key)
	}
	for i, item := range list {
		path := key + "[" + strconv.Itoa(i) + "]"
		if table, ok := expect[map[string]any](&p.decoder, item, at.item(i), path, "a table"); ok {
			p.config.VariableProviders = append(p.config.VariableProviders, p.typed(table, at.item(i), path, ""))
		}
	}
}

// typed makes a section, whose type is checked.
func (p *parser) typed(table map[string]any, at *place, path, label string) *Section {
	s := &Section{Label: label, table: table, places: at, path: path, dir: p.dir, own: []string{"type"}}
	value, ok := table["type"]
	if !ok {
		p.add(at.key, path, ErrMissingKey, `the key "type" is missing: write %s`, typeHint(path))
		return s
	}
	s.Type, _ = expect[string](&p.decoder, value, at.field("type"), tomltree.Path(path, "type"), "a string")
	return s
}

// typeHint returns a type that a section may have.
func typeHint(path string) string {
	if strings.HasSuffix(path, "]") {
		return fmt.Sprintf("type = %q", "static")
	}
	return fmt.Sprintf("type = %q", "spin")
}
