# What keeps the build short. `ninja -d stats` counts, -ftime-trace (clang) and -ftime-report (g++) tell
# where the time of a file goes; docs/performance.md has what was measured.

# Precompiled headers are off unless asked for with -DWINOGRAD_PRECOMPILE_HEADERS=ON: ccache does not
# take what is compiled with them, and saves more than they do.
option(WINOGRAD_PRECOMPILE_HEADERS "Precompile GoogleTest's and the benchmark's headers" OFF)
mark_as_advanced(WINOGRAD_PRECOMPILE_HEADERS)
if(NOT WINOGRAD_PRECOMPILE_HEADERS OR CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()

# winograd_compile_fast(<target>)
#
# For code whose speed nobody measures: tests, command lines, tables. What GoogleTest, CLI11 and fmt
# make of it takes twice as long at -O3, and without any optimisation longer to run.
function(winograd_compile_fast target)
  target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)
endfunction()
