// Emscripten's queue between threads can carry calls that resize a canvas or make a WebGL context on it, so
// that each program with threads has the JavaScript for that, a fifth of ours. Nobody calls it here.
mergeInto(LibraryManager.library, {
  emscripten_set_canvas_element_size__deps: [],
  emscripten_set_canvas_element_size: function() { return -1; },
  emscripten_webgl_create_context__deps: [],
  emscripten_webgl_create_context: function() { return 0; },
});
