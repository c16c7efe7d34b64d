import { isAppError } from '../../errors.js';
import { adoptBinding, bindNumber, finishLostBind, type BindRequest } from '../bind-number.js';
import { collect } from '../collect.js';
import { findBlockingBinding } from '../existing-binding.js';
import { ledgerKey } from '../ledger-key.js';
import { ledgerState } from '../ledger-state.js';
import { isSameBinding, questionFor } from '../same-binding.js';
import type { Values } from '../../platform/declarations/declaration.js';
import { unbindWork, updateWork } from './change-work.js';
import { endOf, type RowWork, type RowWorkParts, type Settled } from './row-contract.js';

/** A request that is younger may still be on its way to the platform: that a query does not find it says nothing yet. */
const ON_ITS_WAY_MS = 60_000;
/** X numbers asked for one pair that was bound without naming X. */
const MOST_NUMBERS = 200;

/** The work of the rows of one job. */
export function buildRowWork(parts: RowWorkParts): RowWork {
  if (parts.operation === 'bind') return bindWork(parts);
  return parts.operation === 'unbind' ? unbindWork(parts) : updateWork(parts);
}

function bindWork(parts: RowWorkParts): RowWork {
  const { books, mode, ifExists } = parts;
  // Without X a single bind looks through the whole ledger first; the plan has done so for every row at once.
  const requestOf = (values: Values): BindRequest => ({
    mode,
    values,
    ifExists: values.x === undefined && ifExists === 'skip' ? 'fail' : ifExists,
  });
  const isRepeatable = (values: Values): boolean => questionFor(mode, values)?.exact === true;
  return {
    isRepeatable,
    send: async (values) => {
      const { binding, outcome } = await bindNumber(books, requestOf(values));
      return endOf(binding, outcome === 'existed' ? 'already' : 'done');
    },
    settle: async (values, sentAt) => {
      const own = parts.index.matching(values).find((entry) => entry.at.getTime() >= sentAt.getTime());
      if (own !== undefined) return { kind: 'end', end: endOf(own.binding, 'done') };
      const closed = parts.index.closed(values);
      if (closed !== undefined && closed.at.getTime() >= sentAt.getTime()) return { kind: 'send' };
      try {
        const { binding } = await finishLostBind(books, requestOf(values), { sentAt, cause: undefined });
        return { kind: 'end', end: endOf(binding, 'done') };
      } catch (error) {
        if (isAppError(error, 'already-bound')) {
          const binding = await findBlockingBinding(books, { mode, values });
          return { kind: 'end', end: binding === undefined ? { state: 'already' } : endOf(binding, 'already') };
        }
        if (isAppError(error, 'network-interrupted')) return absent(values, sentAt);
        if (!isAppError(error, 'outcome-unknown')) throw error;
        if (mode === 'axb' && values.x === undefined) return searchNumbers(parts, values);
        return { kind: 'doubt', why: error.words };
      }
    },
  };

  function absent(values: Values, sentAt: Date): Settled {
    const age = books.now().getTime() - sentAt.getTime();
    if (isRepeatable(values) || age >= ON_ITS_WAY_MS) return { kind: 'send' };
    const why = {
      zh: '平台还查不到它，而请求发出不到一分钟：请稍后再查',
      en: 'the platform does not show it yet, and the request left less than a minute ago: look again later',
    };
    return { kind: 'doubt', why };
  }
}

/** AXB without X: the platform can be asked on each X only, so each one that the inventory knows is asked for the pair. */
async function searchNumbers(parts: RowWorkParts, values: Values): Promise<Settled> {
  const { books, mode } = parts;
  const strict = values.area !== undefined && values.areaMatch !== 'any';
  const numbers = (await collect(books.inventory.entries())).filter(
    (entry) =>
      entry.forgotten !== true &&
      (entry.mode ?? mode) === mode &&
      (!strict || entry.areaCode === undefined || entry.areaCode === values.area),
  );
  for (const { key: x } of numbers.slice(0, MOST_NUMBERS)) {
    await parts.turn();
    const found = await collect(books.platform.query(mode, { x, a: values.a, b: values.b }));
    const binding = found.find((one) => isSameBinding(values, one));
    if (binding === undefined) continue;
    const known = await books.ledger.get(ledgerKey(binding));
    if (known !== undefined && ledgerState(known, books.now()) === 'active')
      return { kind: 'end', end: endOf(known.binding, 'already') };
    const adopted = await adoptBinding(books, { mode, values }, binding);
    return { kind: 'end', end: endOf(adopted.binding, 'done') };
  }
  const asked = Math.min(numbers.length, MOST_NUMBERS);
  const why = {
    zh: `AXB 不带 X 时无法按号码对查询；已查询号码清单中的 ${asked} 个 X 号码，都没有，其他 X 号码可能有`,
    en: `AXB cannot be asked for a pair without X; none of the ${asked} X numbers of the inventory that were asked has it, another may`,
  };
  return { kind: 'doubt', why };
}
