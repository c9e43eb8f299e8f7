// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Rows as a table in Markdown, and as a bar chart.

const titles = { winograd: 'winograd', tensorflow: 'TensorFlow.js wasm', onnxruntime: 'ONNX Runtime Web' };
const shown = (seconds) => (seconds * 1000).toPrecision(3);

/** Rows whose ratio is below what it should be are marked. */
export function table(engines, rows) {
  const lines = [
    `| layer (C x side -> K) | algorithm | winograd, ms | ${engines.slice(1).map(({ name }) => `x ${titles[name]}`).join(' | ')} |`,
    `|---|---|---:|${engines.slice(1).map(() => '---:').join('|')}|`,
  ];
  for (const { name, note, least, results } of rows) {
    const ratios = results.slice(1).map(({ ratio }, i) => {
      const target = least[engines[i + 1].name];
      return ratio.toFixed(2) + (target !== undefined && ratio < target ? ` (< ${target})` : '');
    });
    lines.push(`| ${name} | ${note} | ${shown(results[0].seconds)} | ${ratios.join(' | ')} |`);
  }
  return lines.join('\n');
}

/** An SVG: for each row a bar for each engine, its time over winograd's. */
export function chart(engines, rows, caption) {
  const colours = { winograd: '#116149', tensorflow: '#d07a1f', onnxruntime: '#5b6fae' };
  const bar = 11, gap = 12, left = 150, width = 760, right = 60, top = 66;
  const most = Math.max(...rows.flatMap(({ results }) => results.map(({ ratio }) => ratio)));
  const scale = (width - left - right) / most;
  const step = engines.length * bar + gap;
  const parts = [];
  const text = (x, y, content, more = '') => parts.push(`<text x="${x}" y="${y}" ${more}>${content}</text>`);
  text(10, 22, 'Time over that of winograd; shorter is better', 'font-weight="600" font-size="15"');
  engines.forEach(({ name }, i) => {
    parts.push(`<rect x="${10 + 170 * i}" y="36" width="12" height="12" fill="${colours[name]}"/>`);
    text(27 + 170 * i, 47, titles[name]);
  });
  rows.forEach(({ name, results }, r) => {
    const y = top + r * step;
    text(left - 8, y + engines.length * bar / 2 + 4, name.replaceAll('>', '&gt;'), 'text-anchor="end"');
    results.forEach(({ ratio }, i) => {
      parts.push(`<rect x="${left}" y="${y + i * bar}" width="${(ratio * scale).toFixed(1)}" height="${bar - 1}" fill="${colours[engines[i].name]}"/>`);
      text((left + ratio * scale + 5).toFixed(1), y + i * bar + bar - 2, ratio.toFixed(2), 'font-size="10"');
    });
  });
  const height = top + rows.length * step + 24;
  text(10, height - 10, caption, 'fill="#555" font-size="11"');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img"><title>${caption}</title><rect width="100%" height="100%" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`;
}
