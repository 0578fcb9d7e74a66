#include "spin.h"
#include <string.h>

wasm_trap_t *spin_trap_text(const char *text) { return wasmtime_trap_new(text, strlen(text)); }

// Only an error without a code is worth its message: wasmtime renders a whole
// backtrace into it.
void spin_trap_read(const wasm_trap_t *t, const wasmtime_error_t *e, spin_trap_info *i) {
  uint8_t code;
  memset(i, 0, sizeof *i);
  i->code = -1;
  if (t) {
    if (wasmtime_trap_code(t, &code)) i->code = code;
    wasm_trap_trace(t, &i->frames);
    if (i->code < 0) wasm_trap_message(t, &i->msg);
  } else if (e) {
    wasmtime_error_wasm_trace(e, &i->frames);
    wasmtime_error_message(e, &i->msg);
  }
}

void spin_trap_free(wasm_trap_t **t, wasmtime_error_t **e, spin_trap_info *i) {
  if (i->frames.data) wasm_frame_vec_delete(&i->frames);  // they refer to the trap
  if (i->msg.data) wasm_byte_vec_delete(&i->msg);
  if (*t) wasm_trap_delete(*t);
  if (*e) wasmtime_error_delete(*e);
  *t = NULL;
  *e = NULL;
}
