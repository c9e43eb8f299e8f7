# Uses an installed tree through pkg-config: compiles one file by hand and runs it.
#   cmake -DPREFIX= -DLIBDIR= "-DCOMPILER=<compiler>;-std=<standard>" -DPKG_CONFIG= -DSOURCE= -DOUTPUT=
#         -DEMULATOR= -P test_pkg_config.cmake

function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE text ERROR_VARIABLE text
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "${what} failed (${result}): ${line}\n${text}")
  endif()
  set(text "${text}" PARENT_SCOPE)
endfunction()

# PKG_CONFIG_LIBDIR replaces the default search path: no other winograd can be found by mistake.
set(ENV{PKG_CONFIG_LIBDIR} "${PREFIX}/${LIBDIR}/pkgconfig")
if(NOT PACKAGE)
  set(PACKAGE winograd)
endif()
step("pkg-config" "${PKG_CONFIG}" --cflags --libs ${PACKAGE})
separate_arguments(flags UNIX_COMMAND "${text}")
step("Compiling" ${COMPILER} "${SOURCE}" -o "${OUTPUT}" ${flags}
  "-Wl,-rpath,${PREFIX}/${LIBDIR}")
step("Running" ${EMULATOR} "${OUTPUT}")
