package spin

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/keyvalue"
	"github.com/spinhost/spin/manifest"
)

// defaultStore is the label of the key-value store that every app has.
const defaultStore = "default"

// openKeyValue gathers the app's key-value stores. Files are opened when a guest asks for them.
func (a *App) openKeyValue(context.Context) error {
	a.stores = new(keyvalue.Stores)
	a.stores.AddFunc(defaultStore, a.defaultKeyValue)
	for label, open := range a.configured {
		a.stores.AddFunc(label, open)
	}
	for label, store := range a.cfg.KeyValueStores {
		a.stores.Add(label, store)
	}
	a.closers = append(a.closers, func() {
		if err := a.stores.Close(); err != nil {
			a.log.Warn("closing the key-value stores", "error", err)
		}
	})
	return a.checkKeyValue()
}

// defaultKeyValue opens the store that an app has if nothing else is configured.
func (a *App) defaultKeyValue(ctx context.Context) (keyvalue.Store, error) {
	if a.cfg.StateDir == "" {
		return keyvalue.Memory(), nil
	}
	return openStore(ctx, filepath.Join(a.cfg.StateDir, "sqlite_key_value.db"), defaultStore)
}

// openStore opens a file for one store in it.
func openStore(ctx context.Context, path, label string) (keyvalue.Store, error) {
	f, err := keyvalue.OpenFile(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	return ownFile{f.Store(label), f}, nil
}

// ownFile is a store that closes its file.
type ownFile struct {
	*keyvalue.FileStore
	file *keyvalue.File
}

// Close implements io.Closer.
func (s ownFile) Close() error { return s.file.Close() }

// checkKeyValue finds labels in the manifest for which there is no store.
func (a *App) checkKeyValue() error {
	var errs []error
	known := a.stores.Labels()
	for _, c := range a.m.Components {
		for _, label := range c.KeyValueStores {
			if !slices.Contains(known, label.Value) {
				errs = append(errs, unknownLabel(c, label, "key-value store", "KeyValueStores", known))
			}
		}
	}
	return errors.Join(errs...)
}

// provideKeyValue lets a component open the stores that its manifest names.
func (a *App) provideKeyValue(s *hostapi.Scope, c *manifest.Component) {
	keyvalue.Provide(s, a.stores, values(c.KeyValueStores))
}
