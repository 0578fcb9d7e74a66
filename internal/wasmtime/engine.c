#define _GNU_SOURCE
#include "spin.h"
#ifndef _WIN32
#include <sys/mman.h>
#endif

// wasmtime_engine_new aborts the process when it does not like a setting or
// cannot map its pool, so everything here has been checked before: pool.go.
static void pool(wasm_config_t *c, const spin_pool *p) {
  wasmtime_pooling_allocation_config_t *w = wasmtime_pooling_allocation_config_new();
  wasmtime_pooling_allocation_config_total_stacks_set(w, p->stacks);
  wasmtime_pooling_allocation_config_total_memories_set(w, p->memories);
  wasmtime_pooling_allocation_config_total_tables_set(w, p->tables);
  wasmtime_pooling_allocation_config_total_core_instances_set(w, p->instances);
  wasmtime_pooling_allocation_config_max_core_instance_size_set(w, 64 << 20);
  wasmtime_pooling_allocation_config_max_memories_per_module_set(w, p->memories < 32 ? p->memories : 32);
  wasmtime_pooling_allocation_config_max_tables_per_module_set(w, p->tables < 32 ? p->tables : 32);
  wasmtime_pooling_allocation_config_table_elements_set(w, p->table_elements);
  wasmtime_pooling_allocation_config_max_memory_size_set(w, p->max_memory);
  wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(w, p->memory_resident);
  wasmtime_pooling_allocation_config_table_keep_resident_set(w, p->table_resident);
  wasmtime_pooling_allocation_config_async_stack_keep_resident_set(w, p->stack_resident);
  wasmtime_pooling_allocation_strategy_set(c, w);
  wasmtime_pooling_allocation_config_delete(w);
}

wasm_engine_t *spin_engine_new(const spin_config *g) {
  wasm_config_t *c = wasm_config_new();
  wasmtime_config_epoch_interruption_set(c, true);
  wasmtime_config_max_wasm_stack_set(c, g->max_wasm_stack);
  wasmtime_config_async_stack_size_set(c, g->async_stack);
  wasmtime_config_wasm_multi_memory_set(c, true);
  wasmtime_config_wasm_tail_call_set(c, true);
  wasmtime_config_wasm_threads_set(c, g->threads);
  wasmtime_config_wasm_memory64_set(c, g->memory64);
  wasmtime_config_wasm_exceptions_set(c, g->exceptions);
  wasmtime_config_wasm_function_references_set(c, g->gc);
  wasmtime_config_wasm_gc_set(c, g->gc);
  if (g->small) {
    wasmtime_config_memory_reservation_set(c, 0);
    wasmtime_config_memory_guard_size_set(c, 64 << 10);
    wasmtime_config_memory_reservation_for_growth_set(c, 1 << 20);
  } else {
    wasmtime_config_memory_may_move_set(c, false);
  }
  if (g->pooled) {
    if (g->pool.max_memory > (4ull << 30)) wasmtime_config_memory_reservation_set(c, g->pool.max_memory);
    pool(c, &g->pool);
  }
  return wasm_engine_new_with_config(c);
}

// Whether so many bytes of address space can be had at this moment.
bool spin_can_map(uint64_t bytes, bool writable) {
#ifdef _WIN32
  return true;
#else
  int prot = writable ? PROT_READ | PROT_WRITE : PROT_NONE;
  if (bytes > SIZE_MAX / 2) return false;
  void *p = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return false;
  munmap(p, bytes);
  return true;
#endif
}
