// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Which tensors share memory: a tensor's is free for others after its last reader.

import type { Step } from './graph.js';

export interface Slots {
  /** The slot of each tensor. */
  of: Map<string, number>;
  /** Floats of each slot. */
  floats: number[];
}

/** `lengths`: floats of each tensor. The output's slot, like the input's, is nobody else's. */
export function assignSlots(steps: Step[], input: string, output: string,
  lengths: Map<string, number>): Slots {
  const reads = (step: Step) => step.kind === 'conv' && step.residual !== undefined
    ? [...step.inputs, step.residual] : step.inputs;
  const last = new Map<string, number>();
  steps.forEach((step, i) => reads(step).forEach((name) => last.set(name, i)));
  last.set(output, steps.length);

  const slots: Slots = { of: new Map([[input, 0]]), floats: [lengths.get(input)!] };
  const free: number[] = [];
  steps.forEach((step, i) => {
    const length = lengths.get(step.name)!;
    const { residual } = step as { residual?: string };
    const dying = new Set(reads(step).filter((name) => last.get(name) === i && name !== input));
    let slot: number;
    if (residual !== undefined && dying.has(residual) && !step.inputs.includes(residual)
      && step.name !== output) {
      // Added in place.
      slot = slots.of.get(residual)!;
      dying.delete(residual);
    } else {
      // The smallest that is large enough, else the largest, which grows.
      free.sort((a, b) => slots.floats[a]! - slots.floats[b]!);
      const fits = free.findIndex((one) => slots.floats[one]! >= length);
      const place = fits >= 0 ? fits : free.length - 1;
      slot = place >= 0 && step.name !== output ? free.splice(place, 1)[0]! : slots.floats.push(0) - 1;
      slots.floats[slot] = Math.max(slots.floats[slot]!, length);
    }
    slots.of.set(step.name, slot);
    for (const name of dying) free.push(slots.of.get(name)!);
  });
  return slots;
}
