import { AppError } from '../errors.js';

/** Flags as typed, by their names in camel case; those that were not typed are `undefined`. */
type Typed<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

/**
 * Refuses flags that would do nothing, because the one that they belong to is missing.
 * @param needed as it is typed: `--file`.
 * @throws AppError `flag-conflict` naming both.
 */
export function demandPartner<Name extends string>(flags: Typed<Name>, names: readonly Name[], needed: string): void {
  const alone = firstTyped(flags, names);
  if (alone !== undefined) throw new AppError('flag-conflict', `${flagOf(alone)} needs ${needed}`);
}

/**
 * Refuses flags that have no meaning beside another one.
 * @param what the other one, and why where that is not plain: `--check makes up its own pushes and`.
 * @throws AppError `flag-conflict` naming both.
 */
export function refuseBeside<Name extends string>(flags: Typed<Name>, names: readonly Name[], what: string): void {
  const wrong = firstTyped(flags, names);
  if (wrong !== undefined) throw new AppError('flag-conflict', `${what} does not go with ${flagOf(wrong)}`);
}

/**
 * Refuses every flag but those that have a meaning beside another one, and that one.
 * @param what as of {@link refuseBeside}.
 * @throws AppError `flag-conflict` naming both.
 */
export function refuseAllBut<Flags extends object>(
  flags: Flags,
  taken: readonly (keyof Flags & string)[],
  what: string,
): void {
  const others = Object.keys(flags).filter((name) => !(taken as readonly string[]).includes(name));
  refuseBeside(flags as Typed<string>, others, what);
}

function firstTyped<Name extends string>(flags: Typed<Name>, names: readonly Name[]): Name | undefined {
  return names.find((name) => flags[name] !== undefined);
}

/** `maxErrors` → `--max-errors`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
