if (inNode && !Module["locateFile"]) {
  Module["locateFile"] = function (name) { return __dirname + "/" + name; };
}
