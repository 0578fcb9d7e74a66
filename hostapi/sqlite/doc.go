// Package sqlite implements fermyon:spin/sqlite, that of fermyon:spin@2.0.0, and
// spin:sqlite/sqlite 3.0 and 3.1: SQL statements on the databases that a component may use.
//
//   - [File] and [Memory] are databases of SQLite in this process. Others are types that
//     implement [Database], such as clients of a database server.
//   - [Databases] are those of an app by their labels.
//   - [Provide] gives a component the labels that its manifest names, [Interfaces] the
//     interfaces.
//
// Each statement runs on a goroutine of its own, and has its connection to itself until it is
// over. Rows of a stream are computed some ahead of the guest, never more than it takes 1 MiB
// to keep. A statement is stopped when the call that runs it is cancelled, when a guest drops
// the stream of one that only reads, and when the guest's instance ends.
//
// The SQLite in this process is that of github.com/mattn/go-sqlite3. Foreign keys are enforced, as
// in Spin. Virtual tables of FTS5, which Spin has too, are in programs that are built with the tag
// sqlite_fts5; FTS3, FTS4 and R*Trees are in all.
package sqlite
