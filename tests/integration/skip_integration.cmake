# What tests with the label integration do where they cannot be built or run.

set(skipped "\\[  SKIPPED \\] [1-9]")

# A test that says why there is none.
function(winograd_skip_integration name why)
  message(STATUS "winograd: no tests ${name}: ${why}")
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND}
    "-DWHY=${why}" -P "${PROJECT_SOURCE_DIR}/tests/integration/skip.cmake")
  set_tests_properties(${name} PROPERTIES
    LABELS integration SKIP_REGULAR_EXPRESSION "${skipped}")
endfunction()
