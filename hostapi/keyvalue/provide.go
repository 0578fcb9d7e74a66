package keyvalue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
)

// ErrDenied says that a component asked for a label that it is not granted. It matches
// [capability.ErrDenied].
var ErrDenied = fmt.Errorf("%w: the label is not in the component's key_value_stores", capability.ErrDenied)

// errUnopened is what guests are told of a store that cannot be opened. The reason may name
// files and servers, so it goes to the log.
var errUnopened = errors.New("the key-value store cannot be opened")

// Provide grants a component stores: those of the labels, whether they exist or not. It is to
// be called before interfaces are bound to the scope. A component without it is granted none.
func Provide(s *hostapi.Scope, stores *Stores, labels []string) {
	s.Set(grantKey{}, &grant{stores: stores, labels: slices.Clone(labels), name: s.Name(), log: s.Logger})
}

type grantKey struct{}

// grant is what a component may use.
type grant struct {
	stores *Stores
	labels []string
	name   string
	log    *slog.Logger
}

// grantOf returns what is granted to the component of a scope.
func grantOf(s *hostapi.Scope) *grant {
	if g, ok := s.Value(grantKey{}).(*grant); ok {
		return g
	}
	return &grant{stores: new(Stores), name: s.Name(), log: s.Logger}
}

// open opens a store for the instance that calls. Errors are ErrDenied before all others,
// ErrNoStore and errTooMany.
func (g *grant) open(ctx context.Context, label string) (*bucket, error) {
	if !slices.Contains(g.labels, label) {
		g.tell(ctx, slog.LevelWarn, "key-value store denied", label,
			slog.String("remedy", fmt.Sprintf("add %q to key_value_stores of the component", label)))
		return nil, ErrDenied
	}
	b := &bucket{limit: g.stores.limit, held: g.heldBy(ctx)}
	if !b.held.open() {
		return nil, errTooMany
	}
	var err error
	if b.store, err = g.stores.Open(ctx, label); err != nil {
		b.held.close()
		if errors.Is(err, ErrNoStore) || ctx.Err() != nil {
			return nil, err
		}
		g.tell(ctx, slog.LevelError, "key-value store cannot be opened", label, slog.Any("error", err))
		return nil, errUnopened
	}
	return b, nil
}

func (g *grant) tell(ctx context.Context, level slog.Level, msg, label string, more slog.Attr) {
	if g.log != nil {
		g.log.LogAttrs(ctx, level, msg, slog.String("component", g.name), slog.String("label", label), more)
	}
}
