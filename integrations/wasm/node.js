// What emscripten's start expects of Node, and ES modules do not have; and no fetch there, for what it
// loads is a file.
const inNode = typeof process === "object" && typeof process.versions?.node === "string";
const require = inNode ? (await import("node:module")).createRequire(import.meta.url) : undefined;
const __dirname = inNode
  ? require("node:path").dirname(require("node:url").fileURLToPath(import.meta.url)) : undefined;
const fetch = inNode ? undefined : globalThis.fetch.bind(globalThis);
