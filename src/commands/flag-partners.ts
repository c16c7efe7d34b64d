import { type Words, wordsIn } from '../domain/text-pair.js';
import { AppError } from '../errors.js';

/** Flags as typed, by their names in camel case; those that were not typed are `undefined`. */
type Typed<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

/**
 * Refuses flags that would do nothing, because the one that they belong to is missing.
 * @param needed as it is typed: `--file`.
 * @throws AppError `flag-conflict` naming both.
 */
export function demandPartner<Name extends string>(flags: Typed<Name>, names: readonly Name[], needed: Words): void {
  const alone = firstTyped(flags, names);
  if (alone !== undefined)
    throw new AppError('flag-conflict', {
      zh: `${flagOf(alone)} 须与 ${wordsIn(needed, 'zh')} 一起使用`,
      en: `${flagOf(alone)} needs ${wordsIn(needed, 'en')}`,
    });
}

/**
 * Refuses flags that have no meaning beside another one.
 * @param what the other one, and why where that is not plain: `--check makes up its own pushes and`.
 * @throws AppError `flag-conflict` naming both.
 */
export function refuseBeside<Name extends string>(flags: Typed<Name>, names: readonly Name[], what: Words): void {
  const wrong = firstTyped(flags, names);
  if (wrong !== undefined)
    throw new AppError('flag-conflict', {
      zh: `${wordsIn(what, 'zh')} 不能与 ${flagOf(wrong)} 一起使用`,
      en: `${wordsIn(what, 'en')} does not go with ${flagOf(wrong)}`,
    });
}

/**
 * Refuses every flag but those that have a meaning beside another one, and that one.
 * @param what as of {@link refuseBeside}.
 * @throws AppError `flag-conflict` naming both.
 */
export function refuseAllBut<Flags extends object>(
  flags: Flags,
  taken: readonly (keyof Flags & string)[],
  what: Words,
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
