# Functions that register libraries and tests, so that the CMakeLists.txt of each folder reads as a table.

# Warnings, sanitizers and the include root shared by every target of the project.
add_library(pg_options INTERFACE)
target_include_directories(pg_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(pg_options INTERFACE nlohmann_json::nlohmann_json Threads::Threads)
# Not fmt itself: some programs are linked statically. All must agree on its macros, or none of its headers fits.
target_compile_definitions(pg_options INTERFACE $<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>)
target_compile_options(pg_options INTERFACE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Werror=return-type
  -Wno-missing-field-initializers)  # designated initializers leave the rest at its default
set(PG_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
if(PG_SANITIZE)
  target_compile_options(pg_options INTERFACE -fsanitize=${PG_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(pg_options INTERFACE -fsanitize=${PG_SANITIZE})
  if(PG_SANITIZE STREQUAL "thread")
    target_compile_options(pg_options INTERFACE -Wno-tsan)  # Boost.Asio's fences, which g++ cannot model
  endif()
endif()

# Readers of what strangers write are fuzzed in a build of their own (preset fuzz): clang, libFuzzer, sanitizers.
option(PG_FUZZ "Build the fuzz targets instead of the suites; needs clang" OFF)
set(PG_FUZZ_SECONDS 10 CACHE STRING "How long each fuzz target runs under ctest")
if(PG_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "PG_FUZZ needs clang (cmake --preset fuzz): ${CMAKE_CXX_COMPILER} has no libFuzzer")
  endif()
  target_compile_options(pg_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined
    -fno-sanitize-recover=undefined)
  target_link_options(pg_options INTERFACE -fsanitize=address,undefined)
endif()
add_custom_target(fuzz_targets)

# Headers that most files include are parsed once for the libraries and once for the tests: parsing them anew is a third
# of the build. The presets asan and tsan do without, so that a file which forgets its own includes is found there.
function(pg_precompiled_headers name)
  cmake_parse_arguments(ARG "" "" "OPTIONS;DEPS;HEADERS" ${ARGN})
  file(CONFIGURE OUTPUT ${name}.cc CONTENT "")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PUBLIC pg_options ${ARG_DEPS})
  target_compile_options(${name} PRIVATE ${ARG_OPTIONS})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()
set(common_headers <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional> <set> <sstream> <string>
  <string_view> <thread> <vector> <fmt/format.h> <nlohmann/json.hpp>)
set(PG_TEST_OPTIONS -O0 -g1)  # a test's own code: built often, run for milliseconds
pg_precompiled_headers(pg_library_headers HEADERS ${common_headers})
pg_precompiled_headers(pg_test_headers OPTIONS ${PG_TEST_OPTIONS} DEPS GTest::gmock
  HEADERS ${common_headers} <gmock/gmock.h> <gtest/gtest.h>)

# pg_fuzz_target(name SRCS a_fuzz.cc [DEPS lib...] [DICTIONARY file] [SEEDS folder] [MUST_FIND regex])
# With PG_FUZZ a CTest test, label `fuzz`, that feeds the target for PG_FUZZ_SECONDS; else nothing. It begins with the
# seeds and with what it thought of before (in the folder NAME_corpus of the build). MUST_FIND is for a fault planted on
# purpose: the test fails unless fuzzing comes upon it and says so in these words.
function(pg_fuzz_target name)
  if(NOT PG_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "DICTIONARY;MUST_FIND;SEEDS" "SRCS;DEPS" ${ARGN})
  set(dictionary)
  if(ARG_DICTIONARY)
    set(dictionary -dict=${CMAKE_CURRENT_SOURCE_DIR}/${ARG_DICTIONARY})
  endif()
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE pg_options ${ARG_DEPS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzz_targets ${name})
  set(findings ${CMAKE_CURRENT_BINARY_DIR}/${name}_findings/)
  set(corpus)
  if(ARG_SEEDS)
    set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_SEEDS})
  endif()
  if(NOT ARG_MUST_FIND)  # a fault that was found once would be found without fuzzing
    list(PREPEND corpus ${CMAKE_CURRENT_BINARY_DIR}/${name}_corpus)
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name}_corpus)
  endif()
  file(MAKE_DIRECTORY ${findings})
  add_test(NAME ${name}
    COMMAND ${name} -max_total_time=${PG_FUZZ_SECONDS} -timeout=10 -rss_limit_mb=1024 -max_len=16384
            -len_control=10  # texts grow soon: there are seconds only
            -print_final_stats=1 -artifact_prefix=${findings} ${dictionary} ${corpus})
  math(EXPR limit "${PG_FUZZ_SECONDS} + 60")
  set_tests_properties(${name} PROPERTIES LABELS fuzz TIMEOUT ${limit})
  if(ARG_MUST_FIND)
    set_tests_properties(${name} PROPERTIES PASS_REGULAR_EXPRESSION ${ARG_MUST_FIND})
  endif()
endfunction()

# pg_library(name SRCS a.cc b.cc [DEPS lib...])
function(pg_library name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SRCS})
  target_link_libraries(${name} PUBLIC pg_options ${ARG_DEPS})
  target_precompile_headers(${name} REUSE_FROM pg_library_headers)
endfunction()

# pg_unit_test(name SRCS a_test.cc [DEPS lib...] [TIMEOUT seconds] [LABEL unit|engine] [LOCK name])
# Label `unit` (the default) needs no container engine; label `engine` needs one.
# One label only: gtest_discover_tests drops the second one and every property after it.
function(pg_unit_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;LABEL;LOCK" "SRCS;DEPS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  add_executable(${name} ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE pg_options ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE ${PG_TEST_OPTIONS})
  target_precompile_headers(${name} REUSE_FROM pg_test_headers)
  set(properties LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
  if(ARG_LOCK)
    list(APPEND properties RESOURCE_LOCK ${ARG_LOCK})
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX ${name}. PROPERTIES ${properties})
endfunction()

# pg_suite(name LABEL load FIXTURES stack load SRCS a_test.cc...)
# Registers the cases of a suite, one CTest test each, when ctest starts: teams come from the contract of the stack
# that COMPOSE_FILE names *then*, so a list made at build time (or cached) could name teams that are not there.
function(pg_suite name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SRCS;FIXTURES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE pg_suite_main ${ARG_DEPS})
  target_compile_options(${name} PRIVATE ${PG_TEST_OPTIONS})  # cases hand their work to the library
  target_precompile_headers(${name} REUSE_FROM pg_test_headers)
  if(PG_FUZZ)
    return()  # suites are not built there
  endif()
  set(PG_SUITE ${name})
  set(PG_SUITE_LABEL ${ARG_LABEL})
  set(PG_SUITE_TIMEOUT ${ARG_TIMEOUT})
  set(PG_SUITE_FIXTURES "${ARG_FIXTURES}")
  set(PG_SUITE_BINARY ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(PG_SUITE_SESSION ${PROJECT_BINARY_DIR}/session.json)
  configure_file(${PROJECT_SOURCE_DIR}/ctest/cmake/DiscoverSuite.cmake.in
                 ${CMAKE_CURRENT_BINARY_DIR}/${name}_discover.cmake @ONLY)
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}_discover.cmake)
endfunction()
