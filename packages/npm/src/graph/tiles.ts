// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Covers a picture with tiles of one size, which overlap so that a network sees enough around what
// is kept of each.

export interface Span {
  /** What the network sees. */
  begin: number;
  size: number;
  /** What is used of its result. */
  keptBegin: number;
  keptSize: number;
}

export interface Tile {
  y: Span;
  x: Span;
}

function cut(length: number, side: number, overlap: number): Span[] {
  if (length <= side) return [{ begin: 0, size: length, keptBegin: 0, keptSize: length }];
  const spans: Span[] = [];
  let done = 0;
  while (done < length) {
    // The last tile moves back so far that it ends where the picture does.
    const begin = Math.min(Math.max(done - overlap, 0), length - side);
    const end = begin + side;
    const keptEnd = end === length ? length : end - overlap;
    spans.push({ begin, size: side, keptBegin: done, keptSize: keptEnd - done });
    done = keptEnd;
  }
  return spans;
}

/** Row by row. Needs side > 2 * overlap. */
export function cutIntoTiles(height: number, width: number, side: number, overlap: number): Tile[] {
  return cut(height, side, overlap).flatMap((y) => cut(width, side, overlap).map((x) => ({ y, x })));
}
