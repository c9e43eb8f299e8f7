// The environment of a test in Node, which emscripten's programs do not get.
Module["preRun"] = function () { Object.assign(ENV, process.env); };
