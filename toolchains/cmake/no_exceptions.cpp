// SPDX-License-Identifier: Apache-2.0
//
// In the place of libstdc++'s and libgcc's functions of these names, in programs that link them
// statically. Nothing of ours throws or catches; the library throws where memory runs out or a
// precondition is broken, and nobody would catch that. So the first step of any throw ends the
// process, and the rest of the machinery, 70 KB on amd64, is never linked.
#include <cstddef>
#include <cstdio>
#include <cstdlib>

// NOLINTBEGIN: the names are the ABI's.
extern "C" {

[[noreturn]] void* __cxa_allocate_exception(std::size_t) noexcept {
  static_cast<void>(
      std::fputs("stopping: no memory, or another failure of the C++ library\n", stderr));
  std::abort();
}

// What the library's machine code still refers to, behind that first step.
[[noreturn]] void __cxa_free_exception(void*) noexcept { std::abort(); }
[[noreturn]] void __cxa_throw(void*, void*, void (*)(void*)) { std::abort(); }
[[noreturn]] void __cxa_rethrow() { std::abort(); }
[[noreturn]] void* __cxa_begin_catch(void*) noexcept { std::abort(); }
[[noreturn]] void __cxa_end_catch() { std::abort(); }
[[noreturn]] void _Unwind_Resume(void*) { std::abort(); }
[[noreturn]] int __gxx_personality_v0() { std::abort(); }
#ifdef __ARM_EABI__
[[noreturn]] void __cxa_end_cleanup() { std::abort(); }
[[noreturn]] int __aeabi_unwind_cpp_pr0() { std::abort(); }
[[noreturn]] int __aeabi_unwind_cpp_pr1() { std::abort(); }
#endif

}  // extern "C"

namespace __gnu_cxx {

// What std::terminate() comes to.
[[noreturn]] void __verbose_terminate_handler() { std::abort(); }

}  // namespace __gnu_cxx
// NOLINTEND
