# SPDX-License-Identifier: Apache-2.0
#
# How every part of akgate is compiled, in four functions:
#   akgate_library(<folder> SOURCES … [LINKS …] [PRIVATE_LINKS …])   static library akgate_<folder>
#   akgate_program(<name> SOURCES … [LINKS …])                       bin/<name>
#   akgate_unit_test(<folder> SOURCES … [LINKS …])                   test_<folder>, each test known to CTest;
#                                                                    AKGATE_SOURCE_DIR names the source tree in it
#   akgate_compile_as_one(<target>)                                  for programs of tests, which take minutes less so

include(CheckPIESupported)
check_pie_supported(LANGUAGES C CXX)

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# What every target of ours is compiled and linked with; no target is built without it.
add_library(akgate_flags INTERFACE)
target_compile_features(akgate_flags INTERFACE c_std_11 cxx_std_20)
set_target_properties(akgate_flags PROPERTIES CXX_EXTENSIONS OFF)
target_include_directories(akgate_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/agent)
target_compile_definitions(akgate_flags INTERFACE
  AKGATE_VERSION="${PROJECT_VERSION}"
  AKGATE_DEPS_VERSIONS="${AKGATE_DEPS_VERSIONS}"
  _GLIBCXX_ASSERTIONS)
target_compile_options(akgate_flags INTERFACE
  -Wall -Wextra -Wpedantic $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow> -Wconversion -Wsign-conversion -Werror
  "$<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast;-Wnon-virtual-dtor;-Woverloaded-virtual;-fno-rtti>"
  # What gcc says of how arguments were passed on ARM before gcc 7.
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-psabi>
  -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/= -ffunction-sections -fdata-sections -fstack-protector-strong)
target_link_options(akgate_flags INTERFACE
  -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)

# 32-bit devices must count time past 2038; the dependencies are built alike (toolchains/deps.sh).
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  target_compile_definitions(akgate_flags INTERFACE _FILE_OFFSET_BITS=64 _TIME_BITS=64)
endif()

# What ships is one program of ours and the four libraries, optimized as a whole. Everything else links the machine code that
# lies beside it in the same files: so it is built in seconds, and what tests test is what sanitizers and clang link.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(akgate_flags INTERFACE $<$<NOT:$<BOOL:$<TARGET_PROPERTY:AKGATE_WHOLE>>>:-fno-lto>)
endif()
if(AKGATE_DEPS STREQUAL "source" AND CMAKE_BUILD_TYPE STREQUAL "MinSizeRel" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU"
   AND NOT AKGATE_SANITIZE)
  set(AKGATE_SHIPS ON)
  # 60 KB of addresses to adjust at the start become 1 KB. Linkers know it for this processor only.
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    set(AKGATE_PACKED_RELOCATIONS -Wl,-z,pack-relative-relocs)
  endif()
endif()

if(AKGATE_SANITIZE)
  # The vptr check needs RTTI, which the product does without.
  target_compile_options(akgate_flags INTERFACE
    -O1 -g1 -fno-omit-frame-pointer -fsanitize=${AKGATE_SANITIZE} -fno-sanitize-recover=all -fno-sanitize=vptr
    # Undefined behaviour is looked for in the product; in tests it would double the time they take to compile.
    $<$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>:-fno-sanitize=undefined>
    # g++ sees uninitialized variants that are none in instrumented code; its manual warns of that.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(akgate_flags INTERFACE -fsanitize=${AKGATE_SANITIZE})
else()
  # On 32-bit ARM gcc probes every frame for it, 12 bytes a function, though only those of a page or more need it; there
  # the product is held to make none (akgate_product).
  if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^arm")
    target_compile_options(akgate_flags INTERFACE -fstack-clash-protection)
  endif()
  target_compile_definitions(akgate_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()

# The product's own code, as opposed to its tests: no exceptions, and no tables for what none is thrown through. Where size
# counts, the standard library's checks of its preconditions stop the process without a word.
function(akgate_product target)
  target_compile_options(${target} PRIVATE -fno-exceptions)
  if(NOT AKGATE_SANITIZE)
    target_compile_options(${target} PRIVATE -fno-asynchronous-unwind-tables -fno-unwind-tables)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "^arm")
      target_compile_options(${target} PRIVATE -Wframe-larger-than=4000)
    endif()
  endif()
  if(AKGATE_SHIPS)
    # Two instructions more than a call are often less in the end: a string_view of a literal knows its length then.
    target_compile_options(${target} PRIVATE -flto -ffat-lto-objects --param=max-inline-insns-size=2
      "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include ${PROJECT_SOURCE_DIR}/toolchains/cmake/terse_assertions.hpp>")
  endif()
endfunction()

function(akgate_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;PRIVATE_LINKS")
  add_library(akgate_${folder} STATIC ${arg_SOURCES})
  akgate_product(akgate_${folder})
  target_link_libraries(akgate_${folder} PUBLIC akgate_flags ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
endfunction()

# akgate_hot(<source>…): what an answer given again, or judged from memory, runs through is compiled for speed, everything else for size.
function(akgate_hot)
  if(NOT AKGATE_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS -O2)
  endif()
endfunction()

function(akgate_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  akgate_product(${name})
  target_link_libraries(${name} PRIVATE akgate_flags ${arg_LINKS})
  # What ships asks the device for nothing but its C library.
  if(AKGATE_DEPS STREQUAL "source" AND NOT AKGATE_SANITIZE)
    target_link_options(${name} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
  if(AKGATE_SHIPS)
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/toolchains/cmake/no_exceptions.cpp)
    target_link_options(${name} PRIVATE -flto=auto ${AKGATE_PACKED_RELOCATIONS})
    set_target_properties(${name} PROPERTIES AKGATE_WHOLE ON)
  endif()
endfunction()

# Of the time that a file of tests takes, nine tenths go into what all of them include. So those of one program are compiled as
# one, in which names of whole files must differ; a local name may be another file's. Files with options of their own stay by
# themselves.
function(akgate_compile_as_one target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
endfunction()

# AKGATE_PARTS_TESTED: what a build with a narrow purpose has unit tests of; unset, all of them. Its presets say why.
function(akgate_unit_test folder)
  if(AKGATE_PARTS_TESTED AND NOT folder IN_LIST AKGATE_PARTS_TESTED)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(test_${folder} ${arg_SOURCES})
  akgate_compile_as_one(test_${folder})
  target_compile_definitions(test_${folder} PRIVATE AKGATE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(test_${folder} PRIVATE akgate_flags ${arg_LINKS} GTest::gtest_main)
  # Values of parameters stay out of the names: a printed pointer would rename the test at each run. The timeout is for what
  # hangs; no slow machine is to meet it.
  gtest_discover_tests(test_${folder} TEST_PREFIX ${folder}. NO_PRETTY_VALUES
    DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT 600)
endfunction()
