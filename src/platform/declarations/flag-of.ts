import type { Parameter } from './declaration.js';

/** The flag of a parameter as people type it: `-a`, `--record-tone`, `--ext`. */
export function flagOf(parameter: Pick<Parameter, 'name' | 'flag'>): string {
  const text = parameter.flag ?? parameter.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return text.length === 1 ? `-${text}` : `--${text}`;
}
