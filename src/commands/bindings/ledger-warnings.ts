import { basename } from 'node:path';
import { Batched, batchesOf } from '../../domain/batched.js';
import type { Words } from '../../domain/text-pair.js';
import type { KeyedLog } from '../../store/keyed-log.js';
import type { LedgerEntry } from '../../store/ledger-entry.js';

const HINT = {
  zh: '这里可能缺少绑定关系：numbers refresh 可向平台查询',
  en: 'bindings may be missing here: numbers refresh asks the platform for them',
} as const;

/** The same rows; behind the last one `warnings` get what of the ledger is damaged, for then it is known. */
export function withDamage<T>(
  rows: Iterable<T> | AsyncIterable<T>,
  ledger: Pick<KeyedLog<LedgerEntry>, 'damage'>,
  warnings: Words[],
): Batched<T> {
  const batches = async function* (): AsyncGenerator<readonly T[]> {
    yield* batchesOf(rows);
    const damage = await ledger.damage?.();
    if (damage === undefined) return;
    const { file, damaged, aside, setAside } = damage;
    const log = basename(file);
    if (damaged > 0)
      warnings.push({
        zh: `${log} 中有 ${damaged} 个损坏的行无法读取；${HINT.zh}`,
        en: `${linesOf(damaged)} of ${log} cannot be read; ${HINT.en}`,
      });
    if (setAside > 0)
      warnings.push({
        zh: `${log} 中有 ${setAside} 个损坏的行已移到 ${aside}；${HINT.zh}`,
        en: `${linesOf(setAside)} of ${log} were set aside in ${aside}; ${HINT.en}`,
      });
  };
  return new Batched(batches());
}

function linesOf(count: number): string {
  return count === 1 ? '1 damaged line' : `${count} damaged lines`;
}
