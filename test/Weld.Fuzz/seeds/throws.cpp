// Exceptions: a tag, and try blocks.
extern "C" {
void *__cxa_allocate_exception(unsigned long) noexcept;
void *__cxa_begin_catch(void *) noexcept;
void __cxa_end_catch();
[[noreturn]] void __cxa_throw(void *, void *, void (*)(void *));
int might_fail(int);
int _start() {
  try {
    return might_fail(1);
  } catch (...) {
    return -1;
  }
}
}
