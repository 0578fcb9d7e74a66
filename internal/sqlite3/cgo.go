package sqlite3

// #cgo CFLAGS: -std=gnu11 -O2
// #cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
// #include <stdlib.h>
// #include "sqlite.h"
// #cgo noescape spin_step
// #cgo nocallback spin_step
// #cgo noescape spin_bind
// #cgo nocallback spin_bind
import "C"

import _ "github.com/mattn/go-sqlite3" // the C library
