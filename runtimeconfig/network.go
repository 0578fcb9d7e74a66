package runtimeconfig

import (
	"errors"
	"math"
	"reflect"
	"strconv"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/tomltree"
)

// read decodes the keys of a table; others says which keys somebody else reads.
func (p *parser) read(table map[string]any, at *place, path string, into any, others []string) {
	p.structure(table, at, path, reflect.ValueOf(into).Elem(), others)
}

// networking reads [outbound_networking].
func (p *parser) networking() {
	const key = "outbound_networking"
	table, at := p.table(key)
	if table == nil {
		return
	}
	var t struct {
		BlockNetworks        []string `toml:"block_networks"`
		MaxSocketConnections *int     `toml:"max_socket_connections"`
		MaxTotalConnections  *int     `toml:"max_total_connections"`
	}
	p.read(table, at, key, &t, nil)
	n := &p.config.Networking
	var err error
	n.BlockNetworks, err = capability.ParseNetworks(t.BlockNetworks...)
	var faulty capability.NetworkErrors
	errors.As(err, &faulty)
	for _, e := range faulty {
		p.add(at.field("block_networks").item(e.Index).value, key+".block_networks["+strconv.Itoa(e.Index)+"]", e, "%s", e.Error())
	}
	n.MaxSocketConnections = p.limit(t.MaxSocketConnections, at, key, "max_socket_connections")
	n.MaxTotalConnections = p.limit(t.MaxTotalConnections, at, key, "max_total_connections")
	p.warnAbove(n.MaxSocketConnections, at.field("max_socket_connections").key, key+".max_socket_connections")
}

// limit checks a limit, which may be absent.
func (p *parser) limit(n *int, at *place, path, key string) *int {
	if n != nil && *n < 0 {
		p.add(at.field(key).value, tomltree.Path(path, key), nil, "is negative: write a number from 0, or remove the key for no limit")
		return nil
	}
	return n
}

// warnAbove warns about a limit that the one of all protocols makes useless.
func (p *parser) warnAbove(n *int, pos Position, path string) {
	if total := p.config.Networking.MaxTotalConnections; n != nil && total != nil && *n > *total {
		p.warn(pos, path, "is above outbound_networking.max_total_connections, which is "+strconv.Itoa(*total)+": the lower one counts")
	}
}

func (p *parser) warn(pos Position, path, msg string) {
	p.config.Warnings = append(p.config.Warnings, &Error{Pos: pos, Key: path, Msg: msg})
}

// connections reads the tables of single protocols. That of networking was read
// before.
func (p *parser) connections() {
	p.http()
	p.protocol("outbound_redis", &p.config.Redis)
	p.protocol("outbound_pg", &p.config.Postgres)
	p.protocol("outbound_mysql", &p.config.MySQL)
	const key = "outbound_mqtt"
	table, at := p.table(key)
	if table == nil {
		return
	}
	var t struct {
		MaxConnections *int `toml:"max_connections"`
		MaxPayload     *int `toml:"max_payload_size_bytes"`
	}
	p.read(table, at, key, &t, nil)
	p.config.MQTT.MaxConnections = p.maxConnections(t.MaxConnections, at, key)
	p.config.MQTT.MaxPayloadSize = p.limit(t.MaxPayload, at, key, "max_payload_size_bytes")
}

func (p *parser) protocol(key string, into *Connections) {
	table, at := p.table(key)
	if table == nil {
		return
	}
	var t struct {
		MaxConnections *int `toml:"max_connections"`
	}
	p.read(table, at, key, &t, nil)
	into.MaxConnections = p.maxConnections(t.MaxConnections, at, key)
}

func (p *parser) maxConnections(n *int, at *place, path string) *int {
	n = p.limit(n, at, path, "max_connections")
	p.warnAbove(n, at.field("max_connections").key, path+".max_connections")
	return n
}

// http reads [outbound_http].
func (p *parser) http() {
	const key, retired = "outbound_http", "max_concurrent_requests"
	table, at := p.table(key)
	if table == nil {
		return
	}
	var t struct {
		Pooling        *bool `toml:"connection_pooling"`
		MaxConnections *int  `toml:"max_connections"`
		MaxRequests    *int  `toml:"max_concurrent_requests"`
	}
	p.read(table, at, key, &t, nil)
	h := &p.config.HTTP
	if t.Pooling != nil {
		h.ConnectionPooling = *t.Pooling
	}
	h.MaxConnections = p.maxConnections(t.MaxConnections, at, key)
	requests := p.limit(t.MaxRequests, at, key, retired)
	switch {
	case requests == nil:
	case h.MaxConnections != nil:
		p.add(at.field(retired).key, tomltree.Path(key, retired), nil, "is the old name of max_connections, which is there too: remove it")
	default:
		// As in Spin, where one request more than that could start.
		n := min(*requests, math.MaxInt-1) + 1
		h.MaxConnections = &n
		p.warn(at.field(retired).key, tomltree.Path(key, retired), "is retired: write max_connections = "+strconv.Itoa(n))
	}
}
