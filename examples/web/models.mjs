// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The networks of the page, for the page and its workers.

/** range: what white is in the network's numbers. */
export const models = {
  medium: { url: './models/medium/model.json', range: 255 },
  gans: { url: './models/gans/model.json', range: 1 },
};

/** Of tiles, in pixels of the small picture. */
export const tile = 160;
export const overlap = 16;
