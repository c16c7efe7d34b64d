import { sliceWav, wavSizeBytes } from '../../src/sandbox/wav.js';

/** A whole recording of the sandbox: `seconds` of a tone. */
export function wholeWav(seconds: number, seed: number): Buffer {
  return Buffer.concat([...sliceWav({ seconds, seed }, 0, wavSizeBytes(seconds))]);
}
