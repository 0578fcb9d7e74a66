#define _GNU_SOURCE
#include "spin.h"
#include <pthread.h>

// Between spin_poll's frame and the place where a host call continues, the
// thread's stack holds wasmtime's own frames from wasmtime_call_future_poll down
// to its switch to the fiber. TestStackGap measures them: under 3 KiB.
// SPIN_RESERVE leaves 64 KiB below that for the host call.

static __thread char *lowest;

// What is left of the calling thread's stack; wrong on a fiber.
int64_t spin_stack_left(void) {
  if (!lowest) {
#ifdef __APPLE__
    pthread_t t = pthread_self();
    lowest = (char *)pthread_get_stackaddr_np(t) - pthread_get_stacksize_np(t);
#elif defined(_WIN32)
    lowest = (char *)__builtin_frame_address(0) - (700 << 10);  // Go's threads have 1 MiB or more
#else
    pthread_attr_t a;
    void *base = NULL;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &a) == 0) {
      pthread_attr_getstack(&a, &base, &size);
      pthread_attr_destroy(&a);
    }
    lowest = base;
#endif
  }
  return (char *)__builtin_frame_address(0) - lowest;
}

// A number that no other living thread has.
uintptr_t spin_thread(void) { return (uintptr_t)&lowest; }

// Paints the gap, polls once and reports how much of it wasmtime used. For a test.
__attribute__((noinline)) int spin_poll_painted(spin_fiber *f, int64_t *used) {
  char *hi = (char *)__builtin_frame_address(0) - 512, *lo = hi - SPIN_GAP + 1024;
  for (volatile char *p = lo; p < hi; p++) *p = (char)0xA5;
  int why = spin_poll(f);
  char *p = lo;
  while (p < hi && *p == (char)0xA5) p++;
  *used = (char *)__builtin_frame_address(0) - p;
  return why;
}

void spin_noop(void) {}
