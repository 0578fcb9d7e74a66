package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/keyvalue"
)

// defaultStore is the label of the store in which --key-value sets keys.
const defaultStore = "default"

// pairs collects --key-value flags, in their order.
type pairs [][2]string

func (*pairs) String() string { return "" }

// Set implements flag.Value.
func (p *pairs) Set(s string) error {
	k, v, ok := strings.Cut(s, "=")
	if !ok {
		return errors.New("want KEY=VALUE")
	}
	*p = append(*p, [2]string{k, v})
	return nil
}

// preset sets keys in the store of an app that is yet to be loaded. What it returns closes the
// store, after the app.
func (o *options) preset(ctx context.Context, cfg *spin.Config) (func(), error) {
	if len(o.keyValues) == 0 {
		return func() {}, nil
	}
	store, err := openDefault(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("--key-value: %w", err)
	}
	closeStore := func() {
		if c, ok := store.(io.Closer); ok {
			if err := c.Close(); err != nil {
				cfg.Logger.Warn("closing the key-value store", "error", err)
			}
		}
	}
	for _, p := range o.keyValues {
		if err := store.Set(ctx, p[0], []byte(p[1])); err != nil {
			closeStore()
			return nil, fmt.Errorf("--key-value %s: %w", p[0], err)
		}
	}
	cfg.KeyValueStores = map[string]keyvalue.Store{defaultStore: store}
	return closeStore, nil
}

// openDefault opens the store that the runtime configuration has for the label default, or else the
// one in the state folder.
func openDefault(ctx context.Context, cfg *spin.Config) (keyvalue.Store, error) {
	if cfg.RuntimeConfig != nil {
		for _, s := range cfg.RuntimeConfig.KeyValueStores {
			build, ok := cfg.RuntimeTypes.KeyValueStores[s.Type]
			switch {
			case s.Label != defaultStore:
				continue
			case !ok:
				return nil, s.UnknownType("spin")
			}
			open, err := build(s)
			if err != nil {
				return nil, err
			}
			return open(ctx)
		}
	}
	f, err := keyvalue.OpenFile(ctx, filepath.Join(cfg.StateDir, "sqlite_key_value.db"), nil)
	if err != nil {
		return nil, err
	}
	return ownFile{f.Store(defaultStore), f}, nil
}

// ownFile is a store that closes its file.
type ownFile struct {
	*keyvalue.FileStore
	file *keyvalue.File
}

// Close implements io.Closer.
func (s ownFile) Close() error { return s.file.Close() }
