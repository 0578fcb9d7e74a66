package keyvalue

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// The layout is Spin's.
const layout = `CREATE TABLE IF NOT EXISTS spin_key_value (
	store TEXT NOT NULL,
	key TEXT NOT NULL,
	value BLOB NOT NULL,
	PRIMARY KEY (store, key)
)`

// query is the index of a statement that a conn has prepared.
type query int

const (
	selectValue query = iota
	selectKey
	selectFirst
	selectNext
	upsert
	remove
	begin
	beginRead
	commit
	rollback
)

// queries are the statements. A value that is too large is NULL, which no stored one can be, and
// one that another program has stored as text is read as its bytes. Keys that it has stored as
// bytes can be neither read nor written, and are not listed: they follow every text, so that
// the next page would have them again.
var queries = [...]string{
	selectValue: fmt.Sprintf(`SELECT CASE WHEN octet_length(value) <= %d THEN CAST(value AS BLOB) END
		FROM spin_key_value WHERE store = ? AND key = ?`, MaxResult),
	selectKey:   `SELECT 1 FROM spin_key_value WHERE store = ? AND key = ?`,
	selectFirst: `SELECT key FROM spin_key_value WHERE store = ? AND typeof(key) = 'text' ORDER BY key LIMIT ?`,
	selectNext:  `SELECT key FROM spin_key_value WHERE store = ? AND key > ? AND typeof(key) = 'text' ORDER BY key LIMIT ?`,
	upsert: `INSERT INTO spin_key_value (store, key, value) VALUES (?, ?, ?)
		ON CONFLICT (store, key) DO UPDATE SET value = excluded.value`,
	remove:    `DELETE FROM spin_key_value WHERE store = ? AND key = ?`,
	begin:     `BEGIN IMMEDIATE`,
	beginRead: `BEGIN`,
	commit:    `COMMIT`,
	rollback:  `ROLLBACK`,
}

// conn is a connection to the database, with prepared statements. One goroutine uses it at a
// time, which is why the driver is used without database/sql: that would take as long again.
type conn struct {
	db    *sqlite3.SQLiteConn
	stmts [len(queries)]driver.Stmt
}

// connect opens a connection, and makes the table if create is set.
func (f *File) connect(create bool) (*conn, error) {
	path, err := filepath.Abs(f.path)
	if err != nil {
		return nil, err
	}
	mode := "rw"
	if create {
		mode = "rwc"
	}
	// Waiting for other processes is up to the caller, who knows when to stop.
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "_mutex=no&_busy_timeout=0&mode=" + mode}
	opened, err := new(sqlite3.SQLiteDriver).Open(dsn.String())
	if err != nil {
		return nil, err
	}
	c := &conn{db: opened.(*sqlite3.SQLiteConn)}
	if err := c.setUp(f.cfg, create); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *conn) setUp(cfg FileConfig, create bool) error {
	sync := "NORMAL"
	mode, err := c.text("PRAGMA journal_mode = WAL")
	if err != nil {
		return err
	}
	if cfg.FullSync || !strings.EqualFold(mode, "wal") {
		sync = "FULL" // without a log, less can cost the database
	}
	setup := []string{
		"PRAGMA synchronous = " + sync,
		// Moving the log into the database waits for the disk. This is a quarter as often as
		// SQLite does it by itself.
		"PRAGMA wal_autocheckpoint = 4000",
		"PRAGMA journal_size_limit = 67108864",
		"PRAGMA trusted_schema = OFF",
	}
	if create {
		setup = append(setup, layout)
	}
	for _, s := range setup {
		if _, err := c.db.Exec(s, nil); err != nil {
			return err
		}
	}
	if err := c.bound(cfg.MaxBytes); err != nil {
		return err
	}
	for q, text := range queries {
		if c.stmts[q], err = c.db.Prepare(text); err != nil {
			return err
		}
	}
	return nil
}

// bound has SQLite keep the database within that size.
func (c *conn) bound(bytes int64) error {
	if bytes <= 0 {
		return nil
	}
	text, err := c.text("PRAGMA page_size")
	if err != nil {
		return err
	}
	size, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	_, err = c.text(fmt.Sprintf("PRAGMA max_page_count = %d", max(bytes/size, 1)))
	return err
}

// text returns the first column of the first row of what a statement says.
func (c *conn) text(query string) (string, error) {
	rows, err := c.db.Query(query, nil)
	if err != nil {
		return "", err
	}
	dest := make([]driver.Value, len(rows.Columns()))
	if err := errors.Join(rows.Next(dest), rows.Close()); err != nil {
		return "", err
	}
	return fmt.Sprint(dest[0]), nil
}

// exec runs a statement that returns no rows.
func (c *conn) exec(q query, args ...driver.Value) error {
	//lint:ignore SA1019 contexts would cost a goroutine, and what runs here takes no time
	_, err := c.stmts[q].Exec(args)
	return err
}

// row returns the one column of the first row, and false if there is none.
func (c *conn) row(q query, args ...driver.Value) (v driver.Value, ok bool, err error) {
	err = c.rows(q, func(row driver.Value) bool { v, ok = row, true; return false }, args...)
	return v, ok, err
}

// rows calls each with the one column of every row, while it returns true.
func (c *conn) rows(q query, each func(driver.Value) bool, args ...driver.Value) error {
	//lint:ignore SA1019 contexts would cost a goroutine, and what runs here takes no time
	rows, err := c.stmts[q].Query(args)
	if err != nil {
		return err
	}
	var dest [1]driver.Value
	for err == nil {
		if err = rows.Next(dest[:]); err == nil && !each(dest[0]) {
			err = io.EOF
		}
	}
	if err == io.EOF {
		err = nil
	}
	return errors.Join(err, rows.Close())
}

// close closes the connection; nil is none.
func (c *conn) close() error {
	if c == nil {
		return nil
	}
	var errs []error
	for _, s := range c.stmts {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(append(errs, c.db.Close())...)
}
