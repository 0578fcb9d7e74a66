package spin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/sqlite"
	"github.com/spinhost/spin/manifest"
)

// defaultLabel is that of the database that every app has.
const defaultLabel = "default"

// openSQLite makes the app's databases and runs their initial statements.
func (a *App) openSQLite(ctx context.Context) error {
	list := map[string]sqlite.Database{defaultLabel: a.defaultSQLite()}
	maps.Copy(list, a.cfg.SQLiteDatabases)
	a.sqlite = sqlite.NewDatabases(list)
	a.closers = append(a.closers, func() {
		ctx, stop := context.WithTimeout(context.Background(), killTime)
		defer stop()
		if err := a.sqlite.Close(ctx); err != nil {
			a.log.Warn("closing the SQLite databases", "error", err)
		}
	})
	if err := a.checkSQLite(); err != nil {
		return err
	}
	if err := a.sqlite.Start(ctx); err != nil {
		return fmt.Errorf("Config.SQLiteDatabases: %w", err)
	}
	return nil
}

func (a *App) defaultSQLite() sqlite.Database {
	if a.cfg.StateDir == "" {
		return sqlite.Memory(sqlite.Options{})
	}
	return sqlite.File(filepath.Join(a.cfg.StateDir, "sqlite_db.db"), sqlite.Options{})
}

// checkSQLite finds labels in the manifest for which there is no database.
func (a *App) checkSQLite() error {
	var errs []error
	for _, c := range a.m.Components {
		for _, label := range c.SQLiteDatabases {
			if !a.sqlite.Has(label.Value) {
				err := fmt.Errorf("there is no SQLite database %q: add it to Config.SQLiteDatabases, or write one of %s",
					label.Value, strings.Join(a.sqlite.Labels(), ", "))
				errs = append(errs, &Error{Component: c.ID, Pos: label.Pos, Err: err})
			}
		}
	}
	return errors.Join(errs...)
}

// provideSQLite lets a component open the databases that its manifest names.
func (a *App) provideSQLite(s *hostapi.Scope, c *manifest.Component) {
	var labels []string
	for _, l := range c.SQLiteDatabases {
		labels = append(labels, l.Value)
	}
	sqlite.Provide(s, a.sqlite, labels)
}
