# GTest::gtest, GTest::gtest_main and GTest::gmock: the installed package, or for a cross build the
# sources that Debian installs (package googletest).
if(CMAKE_CROSSCOMPILING)
  set(WINOGRAD_GOOGLETEST_SOURCE "/usr/src/googletest" CACHE PATH
    "GoogleTest's sources, for cross builds")
  if(NOT EXISTS "${WINOGRAD_GOOGLETEST_SOURCE}/CMakeLists.txt")
    message(FATAL_ERROR "winograd: no GoogleTest sources in ${WINOGRAD_GOOGLETEST_SOURCE}; "
      "install Debian's googletest or set WINOGRAD_GOOGLETEST_SOURCE")
  endif()
  set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
  add_subdirectory("${WINOGRAD_GOOGLETEST_SOURCE}" "${PROJECT_BINARY_DIR}/googletest"
    EXCLUDE_FROM_ALL)
  winograd_compile_fast(gtest)
else()
  find_package(GTest REQUIRED)
endif()
include(GoogleTest)
