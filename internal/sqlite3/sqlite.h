#include <stdint.h>

// What is used of SQLite's C interface. The definitions lie in the objects of
// github.com/mattn/go-sqlite3: weak, since this package is linked alone first.
#define WEAK __attribute__((weak))

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef int64_t sqlite3_int64;
typedef uint64_t sqlite3_uint64;

int sqlite3_open_v2(const char *, sqlite3 **, int, const char *) WEAK;
int sqlite3_close_v2(sqlite3 *) WEAK;
int sqlite3_prepare_v2(sqlite3 *, const char *, int, sqlite3_stmt **, const char **) WEAK;
int sqlite3_finalize(sqlite3_stmt *) WEAK;
int sqlite3_step(sqlite3_stmt *) WEAK;
int sqlite3_stmt_readonly(sqlite3_stmt *) WEAK;
int sqlite3_bind_parameter_count(sqlite3_stmt *) WEAK;
int sqlite3_bind_int64(sqlite3_stmt *, int, sqlite3_int64) WEAK;
int sqlite3_bind_double(sqlite3_stmt *, int, double) WEAK;
int sqlite3_bind_null(sqlite3_stmt *, int) WEAK;
int sqlite3_bind_text64(sqlite3_stmt *, int, const char *, sqlite3_uint64, void (*)(void *), unsigned char) WEAK;
int sqlite3_bind_blob64(sqlite3_stmt *, int, const void *, sqlite3_uint64, void (*)(void *)) WEAK;
int sqlite3_column_count(sqlite3_stmt *) WEAK;
const char *sqlite3_column_name(sqlite3_stmt *, int) WEAK;
int sqlite3_column_type(sqlite3_stmt *, int) WEAK;
sqlite3_int64 sqlite3_column_int64(sqlite3_stmt *, int) WEAK;
double sqlite3_column_double(sqlite3_stmt *, int) WEAK;
const unsigned char *sqlite3_column_text(sqlite3_stmt *, int) WEAK;
const void *sqlite3_column_blob(sqlite3_stmt *, int) WEAK;
int sqlite3_column_bytes(sqlite3_stmt *, int) WEAK;
sqlite3_int64 sqlite3_last_insert_rowid(sqlite3 *) WEAK;
sqlite3_int64 sqlite3_changes64(sqlite3 *) WEAK;
int sqlite3_extended_errcode(sqlite3 *) WEAK;
const char *sqlite3_errmsg(sqlite3 *) WEAK;
const char *sqlite3_errstr(int) WEAK;
void sqlite3_interrupt(sqlite3 *) WEAK;
int sqlite3_limit(sqlite3 *, int, int) WEAK;
int sqlite3_db_config(sqlite3 *, int, ...) WEAK;
void sqlite3_progress_handler(sqlite3 *, int, int (*)(void *), void *) WEAK;
int sqlite3_busy_handler(sqlite3 *, int (*)(void *, int), void *) WEAK;
int sqlite3_set_authorizer(sqlite3 *, int (*)(void *, int, const char *, const char *, const char *, const char *), void *) WEAK;

// A connection, with what its handlers look at.
typedef struct {
  sqlite3 *db;
  uint32_t stop;   // stop what runs: read and written atomically
  int attach;      // databases in files may be attached
  int sized;       // statements must not raise the limit of the size
  int limiting;    // the limit is being set by the host
  int attached;    // a database was attached whose size has no limit yet
  int busy_ms;     // how long to wait for locks of others
} spin_conn;

// A cell of a row, or a parameter. Bytes are valid until the next step.
typedef struct {
  int type;
  int n;
  sqlite3_int64 i;
  double f;
  const void *p;
} spin_cell;

int spin_open(spin_conn *c, const char *name, int flags, const char *vfs, int max_length);
void spin_set_stop(spin_conn *c, uint32_t v);
void spin_interrupt(spin_conn *c);
int spin_prepare(spin_conn *c, const char *sql, int n, sqlite3_stmt **s, int *used, int *columns, int *params, int *readonly);
int spin_bind(sqlite3_stmt *s, int i, int type, sqlite3_int64 v, double f, const void *p, sqlite3_uint64 n);
int spin_step(sqlite3_stmt *s, int n, spin_cell *cells);
