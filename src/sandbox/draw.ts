import type { SandboxState } from './state.js';

/** Seed and count of values given so far. */
export type RandomSource = Pick<SandboxState, 'seed' | 'draws'>;

/**
 * The next random value of a sandbox, in [0, 1): a hash of its seed and of how many values it has given, so that it survives a
 * restart. Changes `state.draws`.
 */
export function draw(state: RandomSource): number {
  state.draws += 1;
  // Two rounds of the murmur3 finaliser: neighbouring counts must not give neighbouring values.
  let hash = Math.imul(state.seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(state.draws, 0xc2b2ae35);
  for (let round = 0; round < 2; round += 1) {
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return (hash >>> 0) / 2 ** 32;
}

/** A whole number from `least` to `most`, both included. */
export function drawInteger(state: RandomSource, least: number, most: number): number {
  return least + Math.floor(draw(state) * (most - least + 1));
}

/** `length` lower-case hexadecimal digits. */
export function drawHex(state: RandomSource, length: number): string {
  let text = '';
  while (text.length < length) text += drawInteger(state, 0, 0xffff).toString(16).padStart(4, '0');
  return text.slice(0, length);
}

/** A binding ID in the form seen in practice: a UUID (version 4). */
export function drawUuid(state: RandomSource): string {
  const hex = drawHex(state, 32);
  const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
