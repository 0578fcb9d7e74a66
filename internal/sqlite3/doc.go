// Package sqlite3 calls the C library SQLite, which github.com/mattn/go-sqlite3 brings along.
//
// That module's own Go code makes times and booleans of what a column was declared to hold, and
// so loses what is stored in a cell. This package returns each cell by its storage class, steps
// and reads a row in one call, and stops a statement reliably: between any two statements of
// its virtual machine, not only where the C library happens to look.
package sqlite3
