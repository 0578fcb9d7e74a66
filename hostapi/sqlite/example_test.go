package sqlite_test

import (
	"context"
	"fmt"
	"io"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/sqlite"
)

// Use a database as guests do.
func ExampleDatabase() {
	ctx := context.Background()
	db := sqlite.Memory(sqlite.Options{})
	c, err := db.Open(ctx)
	if err != nil {
		panic(err)
	}
	defer c.Close()
	rows, err := c.Query(ctx, "SELECT 'Hello, ' || ?", []sqlite.Value{sqlite.Text("world")})
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	for {
		row, err := rows.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			panic(err)
		}
		fmt.Println(row[0])
	}
	// Output: text(Hello, world)
}

// Make a database that has its tables from the beginning.
func ExampleMemory() {
	dbs := sqlite.NewDatabases(map[string]sqlite.Database{
		"default": sqlite.Memory(sqlite.Options{
			Statements: []string{"CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('first')"},
		}),
	})
	defer dbs.Close(context.Background())
	fmt.Println(dbs.Start(context.Background()), dbs.Labels())
	// Output: <nil> [default]
}

// Keep a database in a file of at most 1 GiB.
func ExampleFile() {
	dbs := sqlite.NewDatabases(map[string]sqlite.Database{
		"ledger": sqlite.File("data/ledger.db", sqlite.Options{MaxBytes: 1 << 30}),
	})
	defer dbs.Close(context.Background())
	fmt.Println(dbs.Has("ledger"), dbs.Has("default"))
	// Output: true false
}

// Give a component what it may open.
func ExampleProvide() {
	dbs := sqlite.NewDatabases(map[string]sqlite.Database{"default": sqlite.Memory(sqlite.Options{})})
	defer dbs.Close(context.Background())
	scope := &hostapi.Scope{Component: "shop"}
	sqlite.Provide(scope, dbs, []string{"default"})
	registry := hostapi.NewRegistry(sqlite.Interfaces()...)
	i, _ := registry.Lookup("fermyon:spin/sqlite@2.0.0")
	b, err := i.Bind(scope)
	fmt.Println(b.ID, i.Capability, err)
	// Output: fermyon:spin/sqlite@2.0.0 sqlite_databases <nil>
}
