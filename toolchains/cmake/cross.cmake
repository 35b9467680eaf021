# SPDX-License-Identifier: Apache-2.0
#
# What Debian's cross compilers have in common: <multiarch>-gcc, the target's C library below /usr/<multiarch>, and
# qemu-user to run what was built. The toolchain files beside this one name processor and multiarch.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_C_COMPILER ${CMAKE_LIBRARY_ARCHITECTURE}-gcc)
set(CMAKE_CXX_COMPILER ${CMAKE_LIBRARY_ARCHITECTURE}-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${CMAKE_SYSTEM_PROCESSOR}-static -L /usr/${CMAKE_LIBRARY_ARCHITECTURE}
  CACHE STRING "Runs what was built; toolchains/cross.sh reads it too")

# Headers and libraries are the target's; programs are this machine's.
cmake_path(SET dependencies NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../../build/deps/${CMAKE_LIBRARY_ARCHITECTURE})
set(CMAKE_FIND_ROOT_PATH /usr/${CMAKE_LIBRARY_ARCHITECTURE} ${dependencies})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
