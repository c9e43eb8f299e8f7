# winograd_bench --compare compares with every peer there is a file for, or says which are left out:
# in the table, not only while building.
#   cmake -DBENCH= -P left_out.cmake
execute_process(
  COMMAND "${BENCH}" --compare --layer n1c8h8w8k8 --rounds 1 --sample-ms 0
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE errors)
message("${output}${errors}")
if(NOT result EQUAL 0)
  message(FATAL_ERROR "failed: ${result}")
endif()
file(GLOB peers RELATIVE "${CMAKE_CURRENT_LIST_DIR}/../peers" "${CMAKE_CURRENT_LIST_DIR}/../peers/*.cpp")
list(REMOVE_ITEM peers peers.cpp winograd.cpp)
if(NOT peers)
  message(FATAL_ERROR "no peers found")
endif()
foreach(peer IN LISTS peers)
  string(REPLACE .cpp "" peer "${peer}")
  # A column at the head, and a line at the foot.
  if(NOT output MATCHES " x ${peer} " AND NOT output MATCHES "left out: [^\n]*${peer}[^\n]*\n.*left out: [^\n]*${peer}")
    message(FATAL_ERROR "${peer}: neither compared with nor said to be left out")
  endif()
endforeach()
