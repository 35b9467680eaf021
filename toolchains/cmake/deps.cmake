# SPDX-License-Identifier: Apache-2.0
#
# The four libraries akgate stands on, under neutral names whatever their origin:
#   deps::curl        libcurl
#   deps::mbedcrypto  Mbed TLS: hashes, ciphers, random numbers; no TLS
#   deps::mbedtls     Mbed TLS: TLS and X.509 (brings mbedcrypto along)
#   deps::lmdb, deps::cjson
# AKGATE_DEPS says where from: `source`, what toolchains/deps.sh built below AKGATE_DEPS_DIR, or `system`,
# the -dev packages. Unset, it is what deps.sh settled for.
# AKGATE_DEPS_VERSIONS is one line naming all four with their versions.

find_package(Threads REQUIRED)

set(AKGATE_DEPS_DIR ${PROJECT_SOURCE_DIR}/build/deps/${CMAKE_LIBRARY_ARCHITECTURE}
    CACHE PATH "Where toolchains/deps.sh put the dependencies")
set(what_was_built ${AKGATE_DEPS_DIR}/versions.txt)

if(NOT AKGATE_DEPS STREQUAL "system")
  if(NOT EXISTS ${what_was_built})
    message(FATAL_ERROR "The dependencies are not built yet (${AKGATE_DEPS_DIR} is not complete): run "
      "`sh toolchains/setup.sh`, or use the `system` preset with your distribution's own.")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${what_was_built})
  file(STRINGS ${what_was_built} origin REGEX "^origin system$")
  if(NOT AKGATE_DEPS)
    set(AKGATE_DEPS source)
    if(origin)
      message(WARNING "No sources could be had: building on the distribution's own libraries "
        "(toolchains/deps.sh tells more).")
      set(AKGATE_DEPS system)
    endif()
  endif()
endif()

if(AKGATE_DEPS STREQUAL "source")
  set(where PATHS ${AKGATE_DEPS_DIR} NO_DEFAULT_PATH)
elseif(AKGATE_DEPS STREQUAL "system")
  set(where)
else()
  message(FATAL_ERROR "AKGATE_DEPS is '${AKGATE_DEPS}'; it must be 'source' or 'system'.")
endif()

# One imported target: the header that proves the library is there, the library's name, and what it needs in turn.
# Nothing is cached, so that a build folder follows when deps.sh builds anew from elsewhere.
function(akgate_dep name header library)
  find_path(include ${header} ${where} PATH_SUFFIXES include NO_CACHE REQUIRED)
  find_library(file ${library} ${where} PATH_SUFFIXES lib NO_CACHE REQUIRED)
  add_library(deps::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(deps::${name} PROPERTIES
    IMPORTED_LOCATION ${file}
    INTERFACE_INCLUDE_DIRECTORIES ${include}
    INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

akgate_dep(mbedcrypto mbedtls/version.h mbedcrypto Threads::Threads)
akgate_dep(mbedx509 mbedtls/x509.h mbedx509 deps::mbedcrypto)
akgate_dep(mbedtls mbedtls/ssl.h mbedtls deps::mbedx509)
akgate_dep(lmdb lmdb.h lmdb Threads::Threads)
akgate_dep(cjson cjson/cJSON.h cjson)
if(AKGATE_DEPS STREQUAL "source")
  akgate_dep(curl curl/curl.h curl deps::mbedtls)
else()
  akgate_dep(curl curl/curl.h curl)
endif()

# Appends a dependency's version, as a header of its own states it in three numbers, to AKGATE_DEPS_VERSIONS.
function(akgate_dep_version title name header prefix)
  get_target_property(include deps::${name} INTERFACE_INCLUDE_DIRECTORIES)
  file(STRINGS ${include}/${header} lines REGEX "define[ \t]+${prefix}_VERSION_(MAJOR|MINOR|PATCH)[ \t]")
  string(REGEX REPLACE "[^;]*_(MAJOR|MINOR|PATCH)[ \t]+([0-9]+)[^;]*" "\\2" numbers "${lines}")
  list(JOIN numbers "." version)
  set(AKGATE_DEPS_VERSIONS ${AKGATE_DEPS_VERSIONS} "${title} ${version}" PARENT_SCOPE)
endfunction()

find_file(mbedtls_3 mbedtls/build_info.h ${where} PATH_SUFFIXES include NO_CACHE)
akgate_dep_version("curl" curl curl/curlver.h LIBCURL)
if(mbedtls_3)
  akgate_dep_version("Mbed TLS" mbedcrypto mbedtls/build_info.h MBEDTLS)
else()
  akgate_dep_version("Mbed TLS" mbedcrypto mbedtls/version.h MBEDTLS)
endif()
akgate_dep_version("LMDB" lmdb lmdb.h MDB)
akgate_dep_version("cJSON" cjson cjson/cJSON.h CJSON)
list(JOIN AKGATE_DEPS_VERSIONS ", " AKGATE_DEPS_VERSIONS)
message(STATUS "Dependencies (${AKGATE_DEPS}): ${AKGATE_DEPS_VERSIONS}")
