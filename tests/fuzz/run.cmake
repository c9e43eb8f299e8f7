# Runs a fuzzing program on all that is known and then for a while on what it makes of that.
#   cmake -DPROGRAM= -DNAME= -DSEEDS= -DREGRESSIONS= -DWORK= -P run.cmake
# WINOGRAD_FUZZ_SECONDS in the environment: for how long; 20 if it is not set.
set(seconds 20)
if(DEFINED ENV{WINOGRAD_FUZZ_SECONDS})
  set(seconds "$ENV{WINOGRAD_FUZZ_SECONDS}")
endif()
file(MAKE_DIRECTORY "${WORK}/${NAME}/found" "${WORK}/${NAME}/failures")
set(regressions)
if(EXISTS "${REGRESSIONS}/${NAME}")
  set(regressions "${REGRESSIONS}/${NAME}")
endif()

# A time of 0 would mean forever: the known inputs are read in any case, so no runs beyond them.
set(length "-max_total_time=${seconds}")
if(seconds EQUAL 0)
  set(length -runs=0)
endif()
# What is too large for any machine is std::bad_alloc, as without AddressSanitizer.
set(ENV{ASAN_OPTIONS} "allocator_may_return_null=1:$ENV{ASAN_OPTIONS}")
# New inputs go into the first folder, which is kept from run to run.
execute_process(
  COMMAND "${PROGRAM}" ${length} -timeout=60 -rss_limit_mb=4096 -max_len=4096 -print_final_stats=1
    -verbosity=0 "-artifact_prefix=${WORK}/${NAME}/failures/"
    "${WORK}/${NAME}/found" "${SEEDS}/${NAME}" ${regressions}
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} failed (${result}); the input, if it is to blame, lies in "
    "${WORK}/${NAME}/failures")
endif()
