package sqlite

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	v1 "github.com/spinhost/spin/hostapi/sqlite/v1"
	v2 "github.com/spinhost/spin/hostapi/sqlite/v2"
	v3 "github.com/spinhost/spin/hostapi/sqlite/v3"
)

// Capability is the capability set of the interfaces.
const Capability = "sqlite_databases"

// Interfaces returns the interfaces of all versions. What a component may open with them,
// Provide says; without it they deny everything.
func Interfaces() []hostapi.Interface {
	return []hostapi.Interface{
		family.Of(v1.SQLiteID, Capability, func(s *hostapi.Scope) *abi.Interface {
			return v1.ServeSQLite(server1{granted(s)})
		}),
		family.Of(v2.SQLiteID, Capability, func(s *hostapi.Scope) *abi.Interface {
			return v2.ServeSQLite(server2{granted(s)})
		}),
		family.Of(v3.SQLiteID, Capability, func(s *hostapi.Scope) *abi.Interface {
			return v3.ServeSQLite(server3{granted(s)})
		}),
	}
}

// Provide lets the component of a scope open the databases of these labels.
func Provide(s *hostapi.Scope, dbs *Databases, labels []string) {
	s.Set(scopeKey{}, &grant{dbs: dbs, labels: slices.Clone(labels), log: s.Logger})
}

type scopeKey struct{}

// grant is what a component may open.
type grant struct {
	dbs    *Databases
	labels []string
	log    *slog.Logger
}

func granted(s *hostapi.Scope) *grant {
	if g, ok := s.Value(scopeKey{}).(*grant); ok {
		return g
	}
	return new(grant)
}

// open opens a connection for the instance that has made the call.
func (g *grant) open(ctx context.Context, label string) (*conn, error) {
	if !slices.Contains(g.labels, label) {
		return nil, v3.ErrorAccessDenied()
	}
	db := g.dbs.lookup(label)
	if db == nil {
		return nil, v3.ErrorNoSuchDatabase()
	}
	i, err := g.instance(ctx)
	if err != nil {
		return nil, err
	}
	c, err := i.open(ctx, db)
	if err != nil && !errors.Is(err, errTooMany) {
		g.warn("SQLite database cannot be opened", "database", label, "error", err)
		err = v3.ErrorInvalidConnection()
	}
	return c, err
}

// instance returns what is kept for the instance that has made the call.
func (g *grant) instance(ctx context.Context) (*instance, error) {
	l, ok := abi.LocalsOf(ctx)
	if !ok {
		return nil, abi.Trapf("SQLite was called from outside of an instance")
	}
	return l.Get(g, func() any { return newInstance(g.dbs) }).(*instance), nil
}

func (g *grant) warn(msg string, args ...any) {
	if g.log != nil {
		g.log.Warn(msg, args...)
	}
}
