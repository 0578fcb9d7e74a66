package spin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"

	"github.com/spinhost/spin/hostapi/keyvalue"
	"github.com/spinhost/spin/hostapi/sqlite"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/runtimeconfig"
)

// configure takes over what the runtime configuration says, where Config leaves it open.
func (a *App) configure() error {
	c, rc := &a.cfg, a.cfg.RuntimeConfig
	if rc == nil {
		c.Variables = slices.Concat(c.Variables, c.FallbackVariables)
		return nil
	}
	for _, w := range rc.Warnings {
		a.log.Warn(w.Error())
	}
	if c.StateDir == "" {
		c.StateDir = rc.StateDir
	}
	if c.LogDir == "" {
		c.LogDir = rc.LogDir
	}
	if c.Limits.Memory == 0 {
		c.Limits.Memory = int64(min(rc.MaxInstanceMemory, math.MaxInt64))
	}
	c.BlockNetworks = c.BlockNetworks.With(rc.Networking.BlockNetworks)
	c.Limits.Connections = connections(c.Limits.Connections, rc.Networking.MaxTotalConnections)
	c.Limits.HTTPConnections = connections(c.Limits.HTTPConnections, rc.HTTP.MaxConnections)
	c.Limits.SocketConnections = connections(c.Limits.SocketConnections, rc.Networking.MaxSocketConnections)
	c.NoConnectionPooling = c.NoConnectionPooling || !rc.HTTP.ConnectionPooling
	errs := unsupportedConfig(rc)
	stores, storeErrs := build(rc.KeyValueStores, c.RuntimeTypes.KeyValueStores)
	databases, databaseErrs := build(rc.SQLiteDatabases, c.RuntimeTypes.SQLiteDatabases)
	providers, providerErrs := build(rc.VariableProviders, c.RuntimeTypes.VariableProviders)
	if errs = slices.Concat(errs, storeErrs, databaseErrs, providerErrs); len(errs) > 0 {
		for _, db := range databases {
			closeIt(db)
		}
		for _, p := range providers {
			closeIt(p)
		}
		return join(errs)
	}
	a.use(rc, stores, databases, providers)
	return nil
}

// connections returns a bound for Limits: what stands there counts before what a runtime
// configuration says.
func connections(n int, configured *int) int {
	switch {
	case n != 0 || configured == nil:
		return n
	case *configured == 0:
		return -1
	}
	return *configured
}

// use adds what was built to the app.
func (a *App) use(rc *runtimeconfig.Config, stores []func(context.Context) (keyvalue.Store, error), databases []sqlite.Database, providers []variables.Provider) {
	c := &a.cfg
	a.configured = map[string]func(context.Context) (keyvalue.Store, error){}
	for i, s := range rc.KeyValueStores {
		a.configured[s.Label] = stores[i]
	}
	all := map[string]sqlite.Database{}
	for i, s := range rc.SQLiteDatabases {
		if _, ok := c.SQLiteDatabases[s.Label]; ok {
			closeIt(databases[i])
			continue
		}
		all[s.Label] = databases[i]
	}
	maps.Copy(all, c.SQLiteDatabases)
	c.SQLiteDatabases = all
	for _, p := range providers {
		a.closers = append(a.closers, func() { closeIt(p) })
	}
	c.Variables = slices.Concat(c.Variables, providers, c.FallbackVariables)
}

// build builds what sections describe, in their order.
func build[T any](sections []*runtimeconfig.Section, types map[string]func(*runtimeconfig.Section) (T, error)) (built []T, errs []error) {
	for _, s := range sections {
		builder, ok := types[s.Type]
		if !ok {
			errs = append(errs, s.UnknownType(slices.Sorted(maps.Keys(types))...))
			continue
		}
		v, err := builder(s)
		var placed *runtimeconfig.Error
		switch {
		case err == nil && reflect.ValueOf(&v).Elem().IsNil():
			errs = append(errs, s.Fault("type", nil, fmt.Sprintf("what Config.RuntimeTypes has for the type %q returns nil", s.Type)))
		case err == nil:
			built = append(built, v)
		case errors.As(err, &placed):
			errs = append(errs, fault.Split(err)...)
		default:
			errs = append(errs, s.Fault("", err, err.Error()))
		}
	}
	return built, errs
}

func closeIt(v any) {
	if c, ok := v.(io.Closer); ok {
		_ = c.Close() // it was never used, or is used no more
	}
}

// unsupportedConfig finds what a runtime configuration asks for and this version does not serve.
func unsupportedConfig(rc *runtimeconfig.Config) []error {
	var errs []error
	bounded := func(c runtimeconfig.Connections) bool { return c.MaxConnections != nil }
	for _, x := range []struct {
		key   string
		asked bool
	}{
		{"llm_compute", rc.LLM != nil},
		{"outbound_redis", bounded(rc.Redis)},
		{"outbound_pg", bounded(rc.Postgres)},
		{"outbound_mysql", bounded(rc.MySQL)},
		{"outbound_mqtt", bounded(rc.MQTT.Connections) || rc.MQTT.MaxPayloadSize != nil},
	} {
		if x.asked {
			errs = append(errs, &runtimeconfig.Error{Pos: rc.Pos(x.key), Key: x.key, Msg: "this is " + ErrUnsupported.Error() + ": remove it", Err: ErrUnsupported})
		}
	}
	return errs
}
