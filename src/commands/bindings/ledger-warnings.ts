import { basename } from 'node:path';
import { Batched, batchesOf } from '../../domain/batched.js';
import type { KeyedLog, LedgerEntry } from '../../store/store.js';

/** The same rows; behind the last one `warnings` get what of the ledger is damaged, for then it is known. */
export function withDamage<T>(
  rows: Iterable<T> | AsyncIterable<T>,
  ledger: Pick<KeyedLog<LedgerEntry>, 'damage'>,
  warnings: string[],
): Batched<T> {
  const batches = async function* (): AsyncGenerator<readonly T[]> {
    yield* batchesOf(rows);
    const damage = await ledger.damage?.();
    if (damage === undefined) return;
    const { file, damaged, aside, setAside } = damage;
    const hint = 'bindings may be missing here: numbers refresh asks the platform for them';
    if (damaged > 0) warnings.push(`${linesOf(damaged)} of ${basename(file)} cannot be read; ${hint}`);
    if (setAside > 0) warnings.push(`${linesOf(setAside)} of ${basename(file)} were set aside in ${aside}; ${hint}`);
  };
  return new Batched(batches());
}

function linesOf(count: number): string {
  return count === 1 ? '1 damaged line' : `${count} damaged lines`;
}
