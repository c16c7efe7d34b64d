import { AppError } from '../../errors.js';
import { FAULT_KINDS } from '../../sandbox/faults.js';
import type { Fault } from '../../sandbox/state.js';
import { defineCommand } from '../command.js';
import { parseCount, parseSeconds } from '../parse-flags.js';
import { forgetLockOut } from './forget-lock-out.js';

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
      footer: (count, lang) => (count === 0 ? { zh: '没有故障', en: 'no faults' }[lang] : undefined),
    };

    async function change(): Promise<readonly Fault[]> {
      if (kind === undefined) return (await control.state()).faults;
      if (kind === 'clear') {
        await control.clearFaults();
        await forgetLockOut(context);
        return [];
      }
      if (!Object.hasOwn(FAULT_KINDS, kind)) {
        throw new AppError('flag-invalid', `${kind}: must be ${Object.keys(FAULT_KINDS).join(', ')} or clear`);
      }
      const share = options.share === undefined ? undefined : Number(options.share);
      if (share !== undefined && !(share > 0 && share <= 1))
        throw new AppError('flag-invalid', `--share ${String(options.share)}: must be from 0 to 1`);
      return control.fault({
        kind: kind as Fault['kind'],
        count: options.count === undefined ? undefined : parseCount('--count', options.count),
        share,
        path: options.path,
        delayMs: options.delay === undefined ? undefined : parseSeconds('--delay', options.delay) * 1000,
        status: options.status === undefined ? undefined : parseStatus(kind, options.status),
      });
    }
  },
});

const REDIRECTS = [301, 302, 303, 307, 308];

function parseStatus(kind: string, text: string): number {
  if (kind !== 'redirect') return parseCount('--status', text, 500);
  const status = parseCount('--status', text);
  if (!REDIRECTS.includes(status)) {
    throw new AppError('flag-invalid', `--status ${text}: must be ${REDIRECTS.join(', ')} for redirect`);
  }
  return status;
}
