# Runs two programs; fails unless both succeed and print the same.
#   cmake -DFIRST=... -DSECOND=... -P compare_output.cmake
foreach(program IN ITEMS FIRST SECOND)
  execute_process(COMMAND "${${program}}" OUTPUT_VARIABLE out_${program} RESULT_VARIABLE result)
  message("${${program}}:\n${out_${program}}")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${${program}} failed: ${result}")
  endif()
endforeach()
if(NOT out_FIRST STREQUAL out_SECOND)
  message(FATAL_ERROR "the outputs differ")
endif()
