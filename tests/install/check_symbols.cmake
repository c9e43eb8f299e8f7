# Looks at symbols with nm.
#   cmake -DNM= -DFILES=<list> -DCHECK=exported|called|isa [-DISA=] -P check_symbols.cmake
#
# exported: a shared library exports the API and nothing of its own inside.
# called:   objects call nothing that prints or ends the process.
# isa:      objects compiled for an instruction set define no inline function that code compiled
#           without it could define too; the linker keeps one of them, and it may be this one.

set(nm_args -C)
if(CHECK STREQUAL "exported")
  list(APPEND nm_args -D --defined-only)
endif()
execute_process(COMMAND "${NM}" ${nm_args} ${FILES}
  RESULT_VARIABLE result OUTPUT_VARIABLE text ERROR_VARIABLE errors)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "nm failed (${result}): ${errors}")
endif()
# Semicolons and brackets mean something in CMake's lists.
string(REGEX REPLACE "[;]" "," text "${text}")
string(REPLACE "[" "(" text "${text}")
string(REPLACE "]" ")" text "${text}")
string(REPLACE "\n" ";" lines "${text}")

set(seen 0)
set(bad "")
foreach(line IN LISTS lines)
  if(NOT line MATCHES "^ *[0-9a-f]* +([A-Za-z]) (.*)$")
    continue()
  endif()
  set(type "${CMAKE_MATCH_1}")
  set(name "${CMAKE_MATCH_2}")
  math(EXPR seen "${seen} + 1")
  if(CHECK STREQUAL "exported")
    # Instances of the standard library's templates have its visibility, not ours.
    if(NOT name MATCHES "^winograd(::|_)" AND NOT (type MATCHES "[WVu]" AND name MATCHES "std::"))
      list(APPEND bad "${name}")
    elseif(name MATCHES "^winograd::detail::")
      list(APPEND bad "${name}")
    endif()
  elseif(CHECK STREQUAL "called")
    if(type STREQUAL "U" AND name MATCHES
       "^(abort|exit|_exit|quick_exit|puts|putchar|perror|std(out|err)|(__)?v?f?printf(_chk)?|fwrite|fputs|fputc|std::(cout|cerr|clog))(@.*)?$")
      list(APPEND bad "${name}")
    endif()
  elseif(CHECK STREQUAL "isa")
    # DW.ref: a pointer to the exception handler, the same for everybody.
    if(type MATCHES "[WVu]" AND NOT name MATCHES "${ISA}|^DW\\.ref\\.")
      list(APPEND bad "${name}")
    endif()
  else()
    message(FATAL_ERROR "CHECK is '${CHECK}'")
  endif()
endforeach()

if(seen EQUAL 0)
  message(FATAL_ERROR "nm printed no symbols for ${FILES}")
endif()
if(bad)
  list(REMOVE_DUPLICATES bad)
  list(JOIN bad "\n  " bad)
  message(FATAL_ERROR "${CHECK}:\n  ${bad}")
endif()
message(STATUS "${seen} symbols looked at")
