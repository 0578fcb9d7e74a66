#include "sqlite.h"
#include <string.h>
#include <strings.h>
#include <time.h>

// Numbers of SQLite's C interface.
enum {
  OK = 0, DENY = 1, IGNORE = 2, ROW = 100,
  INTEGER = 1, REAL = 2, TEXT = 3, BLOB = 4,
  PRAGMA = 19, ATTACH = 24,
  LIMIT_LENGTH = 0, LIMIT_WORKER_THREADS = 11,
  CONFIG_FOREIGN_KEYS = 1002, CONFIG_DEFENSIVE = 1010,
  UTF8 = 1,
};

// Instructions of the virtual machine between two looks at stop: some microseconds.
#define PROGRESS 1000

static int stopped(void *p) { return (int)__atomic_load_n(&((spin_conn *)p)->stop, __ATOMIC_RELAXED); }

// busy waits a little for the lock of another connection, unless that was for long enough.
static int busy(void *p, int tries) {
  spin_conn *c = p;
  // 1 ms, then 2 ms, from the tenth time on 10 ms.
  int ms = tries < 3 ? 1 : tries < 10 ? 2 : 10;
  int waited = tries < 3 ? tries : tries < 10 ? 3 + 2 * (tries - 3) : 17 + 10 * (tries - 10);
  if (stopped(p) || waited >= c->busy_ms) return 0;
  struct timespec t = {0, ms * 1000000L};
  nanosleep(&t, 0);
  return 1;
}

static int is_one_of(const char *name, const char *const *list) {
  for (; *list; list++)
    if (!strcasecmp(name, *list)) return 1;
  return 0;
}

// authorize refuses what reaches beyond the database: other files, and settings of the whole
// process. Mapping a file into memory is left out quietly, as where SQLite was built without: a
// file that gets shorter would end the process. So is the choice where temporary tables are:
// in files they take no memory.
static int authorize(void *p, int action, const char *a, const char *b, const char *schema, const char *trigger) {
  static const char *const process[] = {"hard_heap_limit", "soft_heap_limit", "temp_store_directory", "data_store_directory", 0};
  static const char *const size[] = {"max_page_count", "page_size", 0};
  spin_conn *c = p;
  (void)trigger;
  switch (action) {
  case ATTACH:
    // Without a name it is an expression, whose value is not known yet.
    if (c->attach) return OK;
    if (!a || (*a && strcmp(a, ":memory:"))) return DENY;
    c->attached = 1;
    return OK;
  case PRAGMA:
    if (!a || !b || c->limiting) return OK;
    if (is_one_of(a, process)) return DENY;
    if (is_one_of(a, size) && (c->sized || (schema && strcasecmp(schema, "main")))) return DENY;
    if (!strcasecmp(a, "mmap_size") || !strcasecmp(a, "temp_store")) return IGNORE;
  }
  return OK;
}

int spin_open(spin_conn *c, const char *name, int flags, const char *vfs, int max_length) {
  int rc = sqlite3_open_v2(name, &c->db, flags, vfs);
  if (rc != OK) return rc;
  sqlite3_limit(c->db, LIMIT_LENGTH, max_length);
  sqlite3_limit(c->db, LIMIT_WORKER_THREADS, 0);
  sqlite3_db_config(c->db, CONFIG_DEFENSIVE, 1, (int *)0);
  sqlite3_db_config(c->db, CONFIG_FOREIGN_KEYS, 1, (int *)0); // as the library that Spin links is built
  sqlite3_progress_handler(c->db, PROGRESS, stopped, c);
  sqlite3_busy_handler(c->db, busy, c);
  return sqlite3_set_authorizer(c->db, authorize, c);
}

void spin_set_stop(spin_conn *c, uint32_t v) { __atomic_store_n(&c->stop, v, __ATOMIC_RELAXED); }

void spin_interrupt(spin_conn *c) {
  spin_set_stop(c, 1);
  sqlite3_interrupt(c->db);
}

int spin_prepare(spin_conn *c, const char *sql, int n, sqlite3_stmt **s, int *used, int *columns, int *params, int *readonly) {
  const char *tail = sql + n;
  int rc = sqlite3_prepare_v2(c->db, sql, n, s, &tail);
  if (rc != OK) return rc;
  *used = (int)(tail - sql);
  *readonly = 1;
  *columns = *params = 0;
  if (*s) {
    *columns = sqlite3_column_count(*s);
    *params = sqlite3_bind_parameter_count(*s);
    *readonly = sqlite3_stmt_readonly(*s);
  }
  return OK;
}

#define TRANSIENT ((void (*)(void *)) - 1)

int spin_bind(sqlite3_stmt *s, int i, int type, sqlite3_int64 v, double f, const void *p, sqlite3_uint64 n) {
  switch (type) {
  case INTEGER: return sqlite3_bind_int64(s, i, v);
  case REAL: return sqlite3_bind_double(s, i, f);
  case TEXT: return sqlite3_bind_text64(s, i, n ? p : "", n, TRANSIENT, UTF8);
  case BLOB: return sqlite3_bind_blob64(s, i, n ? p : "", n, TRANSIENT);
  }
  return sqlite3_bind_null(s, i);
}

int spin_step(sqlite3_stmt *s, int n, spin_cell *cells) {
  int rc = sqlite3_step(s);
  if (rc != ROW) return rc;
  for (int i = 0; i < n; i++) {
    spin_cell *c = &cells[i];
    switch (c->type = sqlite3_column_type(s, i)) {
    case INTEGER: c->i = sqlite3_column_int64(s, i); break;
    case REAL: c->f = sqlite3_column_double(s, i); break;
    case TEXT:
      c->p = sqlite3_column_text(s, i);
      c->n = sqlite3_column_bytes(s, i);
      break;
    case BLOB:
      c->p = sqlite3_column_blob(s, i);
      c->n = sqlite3_column_bytes(s, i);
    }
  }
  return rc;
}
