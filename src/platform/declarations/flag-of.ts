import type { Parameter } from './declaration.js';

/** The flag of a parameter as people type it: `-a`, `--record-tone`, `--ext`; Y is `--y`. */
export function flagOf(parameter: Pick<Parameter, 'name' | 'flag'>): string {
  const text = parameter.flag ?? parameter.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  // -y is --yes of every command.
  return text.length === 1 && text !== 'y' ? `-${text}` : `--${text}`;
}
