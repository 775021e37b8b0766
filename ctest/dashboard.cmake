# A run for a dashboard: configures, builds, tests and, where a CDash is named, submits all of it.
#
#   ctest -S ctest/dashboard.cmake
#   ctest -S ctest/dashboard.cmake -DPG_LABEL='^load$' -DPG_PROFILE=quick -DCTEST_SUBMIT_URL=https://cdash.example.com/submit.php?project=Shop
#
#   PG_LABEL           which tests (default: the three suites)
#   PG_PROFILE         profile of the contract (default: the variable ACCEPTANCE_PROFILE, else seed)
#   PG_MODEL           Nightly, Continuous or Experimental (default: Nightly)
#   PG_SOURCE          default: the folder above this file
#   PG_BINARY          default: build in it
#   CTEST_SUBMIT_URL   where to submit; without it nothing is submitted
#   PG_RETRIES         how often each part of a submission is tried again (default: 3)
#   CTEST_SITE, CTEST_BUILD_NAME   how the dashboard names this machine and build
#
# CDASH_TOKEN in the environment is the bearer token of the submission. The machine must be ready
# (ctest/setup). The exit code is not 0 when the build or a test failed; a submission that failed is
# told and changes nothing.
cmake_minimum_required(VERSION 3.22)

function(pg_default name value)
  if(NOT DEFINED ${name})
    set(${name} "${value}" PARENT_SCOPE)
  endif()
endfunction()

pg_default(PG_LABEL "^(load|failover|security)$")
pg_default(PG_MODEL Nightly)
pg_default(PG_RETRIES 3)
pg_default(PG_SOURCE "${CTEST_SCRIPT_DIRECTORY}/..")
get_filename_component(PG_SOURCE "${PG_SOURCE}" ABSOLUTE)
pg_default(PG_BINARY "${PG_SOURCE}/build")
cmake_host_system_information(RESULT pg_host QUERY HOSTNAME)
pg_default(CTEST_SITE "${pg_host}")
pg_default(CTEST_BUILD_NAME "${CMAKE_HOST_SYSTEM_NAME}-${CMAKE_HOST_SYSTEM_PROCESSOR}")
set(CTEST_SOURCE_DIRECTORY "${PG_SOURCE}")
set(CTEST_BINARY_DIRECTORY "${PG_BINARY}")
set(CTEST_CMAKE_GENERATOR Ninja)
set(CTEST_NIGHTLY_START_TIME "02:00:00 UTC")
set(CTEST_CUSTOM_MAXIMUM_PASSED_TEST_OUTPUT_SIZE 65536)
set(CTEST_CUSTOM_MAXIMUM_FAILED_TEST_OUTPUT_SIZE 1048576)
if(DEFINED PG_PROFILE)
  set(ENV{ACCEPTANCE_PROFILE} "${PG_PROFILE}")
endif()
string(TIMESTAMP pg_now "%Y%m%dT%H%M%SZ" UTC)
if(NOT DEFINED ENV{PROVING_GROUND_RUN})
  set(ENV{PROVING_GROUND_RUN} "${PG_SOURCE}/runs/${pg_now}-dashboard")
endif()

set(pg_failures "")
ctest_start(${PG_MODEL})
ctest_configure(RETURN_VALUE pg_result CAPTURE_CMAKE_ERROR pg_error)
if(NOT pg_result EQUAL 0 OR NOT pg_error EQUAL 0)
  list(APPEND pg_failures "configuring failed")
else()
  ctest_build(RETURN_VALUE pg_result NUMBER_ERRORS pg_errors CAPTURE_CMAKE_ERROR pg_error)
  if(NOT pg_result EQUAL 0 OR NOT pg_errors EQUAL 0)
    list(APPEND pg_failures "the build failed")
  else()
    ctest_test(INCLUDE_LABEL "${PG_LABEL}" RETURN_VALUE pg_result CAPTURE_CMAKE_ERROR pg_error)
    # A selection that is empty proves nothing; CTest calls it a success.
    file(STRINGS "${PG_BINARY}/Testing/TAG" pg_tag LIMIT_COUNT 1)
    file(STRINGS "${PG_BINARY}/Testing/${pg_tag}/Test.xml" pg_tests REGEX "<Test Status=")
    if(NOT pg_tests)
      list(APPEND pg_failures "no test has the label ${PG_LABEL}")
    endif()
    if(NOT pg_result EQUAL 0 OR NOT pg_error EQUAL 0)
      list(APPEND pg_failures "a test failed")
    endif()
  endif()
endif()

# What people read, beside what CDash draws itself. The verdict is the report's: CTest counts a case that was skipped, or
# that never ran, differently.
if(EXISTS "$ENV{PROVING_GROUND_RUN}")
  execute_process(COMMAND "${PG_BINARY}/ctest/harness" report "$ENV{PROVING_GROUND_RUN}" RESULT_VARIABLE pg_result)
  if(NOT pg_result EQUAL 0)
    list(APPEND pg_failures "the verdict is ${pg_result}")
  endif()
endif()
file(GLOB pg_reports "$ENV{PROVING_GROUND_RUN}/report.html" "$ENV{PROVING_GROUND_RUN}/summary.json"
     "$ENV{PROVING_GROUND_RUN}/findings.sarif" "$ENV{PROVING_GROUND_RUN}/junit.xml")
if(pg_reports)
  ctest_upload(FILES ${pg_reports} QUIET CAPTURE_CMAKE_ERROR pg_error)
endif()

if(DEFINED CTEST_SUBMIT_URL)
  set(pg_header "")
  if(DEFINED ENV{CDASH_TOKEN})
    set(pg_header HTTPHEADER "Authorization: Bearer $ENV{CDASH_TOKEN}")
  endif()
  ctest_submit(${pg_header} RETRY_COUNT ${PG_RETRIES} RETRY_DELAY 2 RETURN_VALUE pg_result CAPTURE_CMAKE_ERROR pg_error)
  if(NOT pg_result EQUAL 0 OR NOT pg_error EQUAL 0)
    message("dashboard: NOT SUBMITTED; the results are in ${PG_BINARY}/Testing")
  endif()
endif()

if(pg_failures)
  message(FATAL_ERROR "dashboard: ${pg_failures}")
endif()
