# The bill of materials, in SPDX, of what is installed: this library, and xsimd, whose code is in it.
# With SOURCE_DATE_EPOCH in the environment it is the same file whenever it is made.

set(WINOGRAD_XSIMD_VERSION "NOASSERTION")
set(config "${WINOGRAD_XSIMD_INCLUDE_DIR}/xsimd/config/xsimd_config.hpp")
if(EXISTS "${config}")
  file(STRINGS "${config}" lines REGEX "#define XSIMD_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
  list(TRANSFORM lines REPLACE "^.* ([0-9]+).*$" "\\1")
  list(JOIN lines "." WINOGRAD_XSIMD_VERSION)
endif()
string(TIMESTAMP WINOGRAD_SPDX_CREATED "%Y-%m-%dT%H:%M:%SZ" UTC)
string(SHA1 WINOGRAD_SPDX_ID "${PROJECT_VERSION} ${WINOGRAD_XSIMD_VERSION} ${WINOGRAD_SPDX_CREATED}")
configure_file(cmake/winograd.spdx.json.in winograd.spdx.json @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/winograd.spdx.json" "${PROJECT_SOURCE_DIR}/NOTICE"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}")
