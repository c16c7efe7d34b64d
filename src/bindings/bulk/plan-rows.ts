import { counted } from '../../domain/counted.js';
import { CAPACITY } from '../../domain/capacity.js';
import { formatInstant, BEIJING } from '../../domain/instant.js';
import type { TextPair } from '../../domain/text-pair.js';
import type { ErrorCode } from '../../errors.js';
import type { Table, TableRow } from '../../tables/read-table.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { InventoryEntry } from '../../store/inventory-entry.js';
import type { RowLine } from '../../store/jobs.js';
import type { KeyedLog } from '../../store/keyed-log.js';
import type { LedgerEntry } from '../../store/ledger-entry.js';
import { indexForRows } from './index-for-rows.js';
import type { KnownBinding } from './known-bindings.js';
import type { LedgerIndex } from './ledger-index.js';
import { buildRepeats } from './repeats.js';
import { buildNeverBound, NEVER_BOUND } from './never-bound.js';
import { rowMessage } from './row-message.js';
import { readRow, type RowReading } from './row-values.js';

/** A row that will not be sent, and why. */
export interface RowProblem {
  /** Line of the file, from 1. */
  readonly row: number;
  readonly code: ErrorCode;
  readonly words: TextPair;
}

/** What a run over a file would do. Nothing was asked of the platform for it. */
export interface BulkPlan {
  readonly rows: number;
  /** Rows that need a request. */
  readonly toSend: number;
  /** Rows that the ledger holds as done. */
  readonly already: number;
  /** Rows that ledger or inventory speak against. */
  readonly conflicts: number;
  /** Rows of a results file that say themselves that nothing was bound. */
  readonly skipped: number;
  /** Rows that cannot be read, lack something, or repeat another row. */
  readonly invalid: number;
  /** The first {@link NAMED_PROBLEMS} of the rows that will not be sent. */
  readonly problems: readonly RowProblem[];
  readonly warnings: readonly TextPair[];
}

/** Problems that a plan names; the others are counted. */
export const NAMED_PROBLEMS = 1000;

/** What the plan is made from. */
export interface PlanBooks {
  readonly ledger: Pick<KeyedLog<LedgerEntry>, 'entries' | 'find' | 'findsQuickly'>;
  readonly inventory: Pick<KeyedLog<InventoryEntry>, 'entries'>;
  readonly now: () => Date;
}

/** How {@link planRows} decides. */
export interface PlanOptions {
  readonly reading: RowReading;
  /** Rows that are bound already are to be sent all the same, so that they are brought to what the row says. */
  readonly resendSame: boolean;
  /** Told of every row that needs no request: its final line. */
  readonly onDecided?: ((line: RowLine) => Promise<void> | void) | undefined;
}

type Verdict =
  | { readonly kind: 'send' }
  | { readonly kind: 'skip' }
  | { readonly kind: 'already'; readonly entry: KnownBinding }
  | { readonly kind: 'conflict' | 'invalid'; readonly code: ErrorCode; readonly words: TextPair };

/**
 * Checks every row offline: by the declaration of the interface, against the other rows, against ledger and inventory.
 * @throws AppError `input-invalid` where the file itself cannot be read on.
 */
export async function planRows(books: PlanBooks, table: Table, options: PlanOptions): Promise<BulkPlan> {
  const { reading } = options;
  const now = books.now();
  const index = await indexForRows(books.ledger, table, { reading, now });
  const judge = buildJudge(index, options);
  const counts = { send: 0, skip: 0, already: 0, conflict: 0, invalid: 0 };
  const problems: RowProblem[] = [];
  const warnings = new Map<string, CountedWarning>();
  const use = new Map<string, number>();
  let rows = 0;
  for await (const batch of table.rows()) {
    for (const row of batch) {
      rows += 1;
      const verdict = judge(
        row,
        (words) => warnings.set(words.en, { words, count: (warnings.get(words.en)?.count ?? 0) + 1 }),
        use,
      );
      counts[verdict.kind] += 1;
      if (verdict.kind === 'send') continue;
      if (verdict.kind === 'skip') {
        await options.onDecided?.({ row: row.index, at: now, state: 'already', ...rowMessage(NEVER_BOUND) });
        continue;
      }
      if (verdict.kind === 'already') {
        const { subscriptionId: id, x, y, extension } = verdict.entry.binding;
        await options.onDecided?.({ row: row.index, at: now, state: 'already', id, x, y, extension });
        continue;
      }
      const { code, words } = verdict;
      if (problems.length < NAMED_PROBLEMS) problems.push({ row: row.row, code, words });
      await options.onDecided?.({ row: row.index, at: now, state: 'refused', code, ...rowMessage(words) });
    }
  }
  const told = [...warnings.values()].map(withCount);
  return {
    rows,
    toSend: counts.send,
    already: counts.already,
    conflicts: counts.conflict,
    skipped: counts.skip,
    invalid: counts.invalid,
    problems,
    warnings: [...told, ...(await stockWarnings(books, reading, use))],
  };
}

/** What is warned of, and in how many rows. */
interface CountedWarning {
  readonly words: TextPair;
  readonly count: number;
}

function withCount({ words, count }: CountedWarning): TextPair {
  return count === 1 ? words : { zh: `${words.zh}（${count} 行）`, en: `${words.en} (${count} rows)` };
}

function buildJudge(
  index: LedgerIndex,
  options: PlanOptions,
): (row: TableRow, warn: (warning: TextPair) => void, use: Map<string, number>) => Verdict {
  const { reading } = options;
  const repeats = buildRepeats(reading.operation, reading.mode);
  const isNeverBound = buildNeverBound(reading);
  return (row, warn, use) => {
    if (isNeverBound(row)) return { kind: 'skip' };
    const read = readRow(reading, row);
    if ('problem' in read) return { kind: 'invalid', code: 'input-invalid', words: read.problem };
    const { values } = read;
    const repeat = repeats.enter(values, row.row);
    if (repeat !== undefined) return { kind: 'invalid', code: 'input-invalid', words: repeat };
    for (const warning of read.warnings) warn(warning);
    if (reading.operation !== 'bind') return judgeChange(index, reading, values);
    const verdict = judgeBind(index, options, values);
    if (verdict.kind !== 'send') return verdict;
    const stock = typeof values.x === 'string' ? values.x : `area ${String(values.area ?? 'any')}`;
    const used = (use.get(stock) ?? 0) + 1;
    use.set(stock, used);
    const most = CAPACITY[reading.mode];
    const held = index.onX.get(stock) ?? 0;
    if (values.x === undefined || most === undefined || held + used <= most) return verdict;
    const words = {
      zh: `X 号码已满：最多 ${most} 个，台账中 ${held} 个，本文件 ${used - 1} 个`,
      en: `X is full: it holds ${most} at most, ${held} by the ledger and ${used - 1} of this file`,
    };
    return { kind: 'conflict', code: 'no-free-number', words };
  };
}

function judgeBind(index: LedgerIndex, options: PlanOptions, values: Values): Verdict {
  const doubt = index.doubt(values);
  if (doubt !== undefined) {
    const since = formatInstant(doubt.at, BEIJING);
    const words = {
      zh: `自 ${since} 起存疑：这些号码的绑定应答丢失；请先了结`,
      en: `in doubt since ${since}: the answer to a bind of these numbers was lost; settle it first`,
    };
    return { kind: 'conflict', code: 'outcome-unknown', words };
  }
  const same = index.same(values);
  if (same !== undefined) return options.resendSame ? { kind: 'send' } : { kind: 'already', entry: same };
  const other = index.blocking(values);
  if (other === undefined) return { kind: 'send' };
  const id = other.binding.subscriptionId;
  const words = {
    zh: `这些号码在该 X 号码上已被绑定关系 ${id} 占用`,
    en: `X is taken for these numbers by the binding ${id}`,
  };
  return { kind: 'conflict', code: 'already-bound', words };
}

const NOT_KNOWN: TextPair = {
  zh: '台账中没有这些号码的有效绑定关系',
  en: 'the ledger knows no active binding of these numbers',
};

/** An unbind or update without an ID needs one that the ledger knows; what removes more than one binding is not for a file. */
function judgeChange(index: LedgerIndex, { mode, operation }: RowReading, values: Values): Verdict {
  if (values.id !== undefined || operation === 'update') return { kind: 'send' };
  const named = mode === 'ax' ? values.x !== undefined : mode === 'axe' && values.extension !== undefined;
  if (named) return { kind: 'send' };
  if (values.a === undefined && values.b === undefined) {
    const words = {
      zh: '只有 X 会解除其上的全部绑定关系：请给出绑定ID或 A，或运行 unbind -x X',
      en: 'X alone would remove every binding on it: give the binding ID or A, or run unbind -x X',
    };
    return { kind: 'invalid', code: 'input-invalid', words };
  }
  const found = index.matching(values);
  if (found.length === 1) return { kind: 'send' };
  if (found.length === 0) return { kind: 'conflict', code: 'binding-not-found', words: NOT_KNOWN };
  const words = {
    zh: `有 ${found.length} 个绑定关系符合这些号码：请给出 X 或绑定ID`,
    en: `${found.length} bindings fit these numbers: give X or the ID`,
  };
  return { kind: 'conflict', code: 'input-invalid', words };
}

/** Warnings only: the inventory may not be whole. */
async function stockWarnings(
  books: PlanBooks,
  { operation, mode }: RowReading,
  use: ReadonlyMap<string, number>,
): Promise<TextPair[]> {
  if (operation !== 'bind' || use.size === 0) return [];
  const known = new Map<string, string | undefined>();
  for await (const entry of books.inventory.entries()) {
    if (entry.forgotten !== true && (entry.mode === undefined || entry.mode === mode))
      known.set(entry.key, entry.areaCode);
  }
  if (known.size === 0) return [];
  const warnings: TextPair[] = [];
  const unknown = [...use.keys()].filter((x) => x.startsWith('+') && !known.has(x)).length;
  if (unknown > 0)
    warnings.push({
      zh: `文件中有 ${unknown} 个 X 号码不在号码清单中`,
      en: `${counted(unknown, 'X number of the file is', 'X numbers of the file are')} not in the inventory`,
    });
  const most = CAPACITY[mode];
  for (const [stock, rows] of use) {
    if (most === undefined || !stock.startsWith('area ')) continue;
    const area = stock.slice('area '.length);
    const numbers = [...known.values()].filter((code) => area === 'any' || code === area).length;
    if (numbers > 0 && rows > numbers * most)
      warnings.push({
        zh: `有 ${rows} 行由平台选择 X（${area === 'any' ? '不限城市' : `区号 ${area}`}），而号码清单中那里只有 ${numbers} 个 X 号码`,
        en: `${counted(rows, 'row leaves', 'rows leave')} the choice of X to the platform (${stock}), but the inventory has ${counted(numbers, 'X number')} there`,
      });
  }
  return warnings;
}
