# cmake -DWHY=<reason> -P skip.cmake: what ctest runs where the integration tests cannot be built.
if("$ENV{WINOGRAD_REQUIRE_INTEGRATION}" STREQUAL "1")
  message(FATAL_ERROR "The integration tests are required, but could not be built: ${WHY}")
endif()
message("[  SKIPPED ] 1 program: ${WHY}")
