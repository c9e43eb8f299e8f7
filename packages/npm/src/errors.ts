// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

export type ErrorCode = 'invalid_argument' | 'unsupported' | 'workspace' | 'bad_packed_data'
  | 'out_of_memory';

/** What the library said no to; `message` is the text of its status. */
export class WinogradError extends Error {
  override readonly name = 'WinogradError';

  constructor(readonly code: ErrorCode, message: string) {
    super(message);
  }
}

export function invalid(message: string): WinogradError {
  return new WinogradError('invalid_argument', message);
}
