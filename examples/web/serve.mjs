// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// node serve.mjs <folder> [port]
//
// Serves a folder to this machine alone, and prints the address. Its headers isolate the page from
// others (COOP and COEP), without which a browser gives it no threads.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const types = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript',
  '.mjs': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm',
  '.png': 'image/png', '.bin': 'application/octet-stream',
};

/** A server that listens; port 0 takes a free one. */
export function serve(folder, { port = 0, isolated = true } = {}) {
  const server = createServer((request, response) => {
    let path;
    try {
      path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    } catch {
      path = '\0';
    }
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    let size;
    // join() has taken the ".." out.
    if (file.startsWith(folder.endsWith(sep) ? folder : folder + sep) && !path.includes('\0')) {
      const found = statSync(file, { throwIfNoEntry: false });
      if (found?.isFile()) size = found.size;
    }
    if (size === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/plain' });
      response.end('There is no such file.\n');
      return;
    }
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Length': size,
      'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff',
      ...(isolated && { 'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp' }),
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).on('error', () => response.destroy()).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, port = '8000'] = process.argv.slice(2);
  const server = await serve(folder, { port: Number(port) }).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return serve(folder); // somebody else has that port
  });
  console.log(`http://127.0.0.1:${server.address().port}/`);
}
