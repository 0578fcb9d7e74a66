package spin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"

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
				errs = append(errs, unknownLabel(c, label, "SQLite database", "SQLiteDatabases", a.sqlite.Labels()))
			}
		}
	}
	return errors.Join(errs...)
}

// provideSQLite lets a component open the databases that its manifest names.
func (a *App) provideSQLite(s *hostapi.Scope, c *manifest.Component) {
	sqlite.Provide(s, a.sqlite, values(c.SQLiteDatabases))
}
