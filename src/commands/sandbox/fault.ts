import { anyOf } from '../../domain/any-of.js';
import { AppError } from '../../errors.js';
import { MOST_FAULTS } from '../../sandbox/control-input.js';
import { FAULT_KINDS } from '../../sandbox/faults.js';
import type { Fault } from '../../sandbox/state.js';
import { defineCommand } from '../command.js';
import { demandPartner } from '../flag-partners.js';
import { parseWaitMs, parseWithin, invalidChoice } from '../parse-flags.js';
import { forgetLockOut } from './forget-lock-out.js';

/** The longest delay that the sandbox takes. */
const MOST_DELAY = '10m';

interface FaultFlags {
  readonly count?: string;
  readonly share?: string;
  readonly path?: string;
  readonly delay?: string;
  readonly status?: string;
}

export const command = defineCommand<FaultFlags, [string | undefined]>({
  help: {
    purpose: `Make the sandbox fail, to see what your scripts do: ${Object.entries(FAULT_KINDS)
      .map(([kind, help]) => `${kind} = ${help}`)
      .join('; ')}. "clear" heals it; without a kind, the faults that stand are listed.`,
    examples: [
      { says: 'the next two requests meet flow control', line: 'privacy-call sandbox fault flow-control --count 2' },
      { says: 'all is well again', line: 'privacy-call sandbox fault clear' },
    ],
    output: 'Fault: kind, count, share, path, delayMs, status',
    exits: ['storage'],
  },
  define: (target) => {
    target
      .argument('[kind]', `${Object.keys(FAULT_KINDS).join(', ')}, clear`)
      .option('--count <count>', 'only so many requests')
      .option('--share <part>', 'part of the requests, 0 to 1')
      .option('--path <text>', 'only requests whose path contains this')
      .option('--delay <time>', 'length of "slow" and "stall", pause between the bytes of "drip"')
      .option(
        '--status <status>',
        'status of "5xx" and "5xx-after" (from 500) and "redirect" (301, 302, 303, 307, 308)',
      );
  },
  async run(options, context, kind) {
    refuseUseless(kind, options);
    const { control } = await context.sandbox();
    return {
      view: 'list',
      kind: 'FaultList',
      items: await change(),
      columns: [
        { field: 'kind', title: { zh: '故障', en: 'Fault' } },
        { field: 'count', title: { zh: '次数', en: 'Count' } },
        { field: 'share', title: { zh: '比例', en: 'Share' } },
        { field: 'path', title: { zh: '路径', en: 'Path' } },
        { field: 'delayMs', title: { zh: '毫秒', en: 'ms' } },
        { field: 'status', title: { zh: '状态码', en: 'Status' } },
      ],
      footer: (count) => (count === 0 ? { zh: '没有故障', en: 'no faults' } : undefined),
    };

    async function change(): Promise<readonly Fault[]> {
      if (kind === undefined) return (await control.state()).faults;
      if (kind === 'clear') {
        await control.clearFaults();
        await forgetLockOut(context);
        return [];
      }
      return control.fault({
        kind: kind as Fault['kind'],
        count: options.count === undefined ? undefined : parseWithin('--count', options.count, { most: MOST_FAULTS }),
        share: options.share === undefined ? undefined : parseShare(options.share),
        path: options.path,
        delayMs:
          options.delay === undefined
            ? undefined
            : parseWaitMs('--delay', options.delay, { most: MOST_DELAY, orNone: true }),
        status: options.status === undefined ? undefined : parseStatus(kind, options.status),
      });
    }
  },
});

/** Flags that not every fault has a use for. */
const KINDS_WITH = {
  delay: ['slow', 'stall', 'drip'],
  status: ['5xx', '5xx-after', 'redirect'],
} as const satisfies Partial<Record<keyof FaultFlags, readonly Fault['kind'][]>>;

/** @throws AppError `flag-invalid` for what is no fault; `flag-conflict` for a flag that would do nothing, naming what it belongs to. */
function refuseUseless(kind: string | undefined, options: FaultFlags): void {
  const every = ['count', 'share', 'path', 'delay', 'status'] as const;
  if (kind === undefined) demandPartner(options, every, { zh: '一种故障（如 slow）', en: 'a fault such as slow' });
  else if (kind === 'clear')
    demandPartner(options, every, {
      zh: '一种故障（如 slow；clear 会清除全部故障）',
      en: 'a fault such as slow; clear takes all of them away',
    });
  else if (!Object.hasOwn(FAULT_KINDS, kind)) throw invalidChoice(kind, [...Object.keys(FAULT_KINDS), 'clear']);
  else
    for (const [flag, kinds] of Object.entries(KINDS_WITH) as [keyof typeof KINDS_WITH, readonly string[]][])
      if (!kinds.includes(kind)) demandPartner(options, [flag], anyOf(kinds));
}

const REDIRECTS = ['301', '302', '303', '307', '308'];

function parseStatus(kind: string, text: string): number {
  if (kind !== 'redirect') return parseWithin('--status', text, { least: 500, most: 599 });
  if (REDIRECTS.includes(text)) return Number(text);
  throw new AppError('flag-invalid', {
    zh: `--status ${text}：redirect 时必须是 ${REDIRECTS.join('、')}`,
    en: `--status ${text}: must be ${REDIRECTS.join(', ')} for redirect`,
  });
}

/** A part of the requests; none of them would be no fault. */
function parseShare(text: string): number {
  const share = /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (share > 0 && share <= 1) return share;
  throw new AppError('flag-invalid', {
    zh: `--share ${text}：必须大于 0，最大为 1`,
    en: `--share ${text}: must be a number above 0, at most 1`,
  });
}
