# SPDX-License-Identifier: Apache-2.0
#
# AKGATE_BUILD_DATE: the date of this build, in seconds since 1970. Builds of the same sources are to be the same, so it
# is SOURCE_DATE_EPOCH or the date of the last commit; where there is neither, the day on which this build folder was made.
set(AKGATE_BUILD_DATE $ENV{SOURCE_DATE_EPOCH})
if(NOT AKGATE_BUILD_DATE MATCHES "^[0-9]+$")
  execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 --format=%ct
    OUTPUT_VARIABLE AKGATE_BUILD_DATE OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT AKGATE_BUILD_DATE MATCHES "^[0-9]+$")
  string(TIMESTAMP now "%s" UTC)
  set(AKGATE_BUILD_FOLDER_DATE ${now} CACHE STRING "When this build folder was made, in seconds since 1970")
  mark_as_advanced(AKGATE_BUILD_FOLDER_DATE)
  set(AKGATE_BUILD_DATE ${AKGATE_BUILD_FOLDER_DATE})
endif()
