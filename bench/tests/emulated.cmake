# winograd_bench verifies on an emulated CPU, but prints no times, and refuses what is only times. A
# cross build must notice the emulator by itself; elsewhere it is told (--emulated).
# WINOGRAD_TEST_EXPECT_ISA in the environment: the kernel set that it must say it uses.
#   cmake -DBENCH= -DEMULATOR= -P emulated.cmake
set(told --emulated)
if(EMULATOR)
  set(told)
endif()

execute_process(
  COMMAND ${EMULATOR} "${BENCH}" ${told} --layer n1c16h12w12k16r3s1p1 --layout nhwc,nchw
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE errors)
message("${output}${errors}")
if(NOT result EQUAL 0)
  message(FATAL_ERROR "failed: ${result}")
endif()
string(REGEX MATCHALL "n1c16[^\n]* emulated +- +- [^\n]*e-0[678] +-" rows "${output}")
list(LENGTH rows count)
if(NOT count EQUAL 2)
  message(FATAL_ERROR "not one verified row without times for each layout")
endif()
set(isa "$ENV{WINOGRAD_TEST_EXPECT_ISA}")
if(isa AND NOT output MATCHES "; instruction set ${isa}\n")
  message(FATAL_ERROR "not with the kernel set ${isa}")
endif()
if(output MATCHES "[0-9] GFLOP/s|FMA peak|[0-9] ms")
  message(FATAL_ERROR "printed the times of an emulated CPU")
endif()

foreach(flag --targets --network --stages --kernels --benchmark_format=json --benchmark_out=x.json
    --no-verify)
  execute_process(COMMAND ${EMULATOR} "${BENCH}" ${told} ${flag}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE errors)
  if(result EQUAL 0 OR NOT errors MATCHES "is emulated by")
    message(FATAL_ERROR "${flag} was not refused: ${output}${errors}")
  endif()
endforeach()
