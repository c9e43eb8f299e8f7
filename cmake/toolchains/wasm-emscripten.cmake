# WebAssembly with Debian's emscripten; programs run in Node.
set(CMAKE_SYSTEM_NAME Emscripten)

include(/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake)

# Where the host has headers that belong to no target: xsimd's, Eigen's.
list(APPEND CMAKE_SYSTEM_PREFIX_PATH /usr)

# Modules are linked as a whole; what -fPIC asks for is a table of addresses for dlopen.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

# Debian keeps the packages that the linker's JavaScript needs where Node does not look.
foreach(language C CXX)
  set(CMAKE_${language}_LINKER_LAUNCHER
    ${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs CACHE STRING "Runs the linker")
endforeach()
set(ENV{NODE_PATH} /usr/share/nodejs)  # while configuring

# Questions to the compiler end without the linker, whose JavaScript takes seconds.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

# What emscripten 3.1.6 makes of a program would fetch its .wasm by a path, which Node's fetch does not
# take.
set(CMAKE_CROSSCOMPILING_EMULATOR node;--no-experimental-fetch)
