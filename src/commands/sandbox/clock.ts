import { parseTypedTime, type TypedTimeOptions } from '../../domain/typed-time.js';
import { AppError } from '../../errors.js';
import { defineCommand } from '../command.js';
import { parseSeconds } from '../parse-flags.js';

interface ClockFlags {
  readonly set?: string;
  readonly advance?: string;
  readonly freeze?: boolean;
  readonly real?: boolean;
}

export const command = defineCommand<ClockFlags>({
  help: {
    purpose:
      "Show, set or move the sandbox's own clock: bindings expire by it, calls and CDRs carry its times. Signatures are still judged by real time.",
    examples: [
      { says: 'two hours later', line: 'privacy-call sandbox clock --advance 2h' },
      { says: 'back to real time', line: 'privacy-call sandbox clock --real' },
    ],
    output: 'Clock: now',
    exits: ['storage'],
  },
  define: (target) => {
    target
      .option('--set <time>', 'to this time: "2026-11-22 08:00" (in --tz) or with an offset')
      .option('--advance <time>', 'so much later')
      .option('--freeze', 'stand still')
      .option('--no-freeze', 'go on')
      .option('--real', 'back to real time');
  },
  async run(options, context) {
    if (options.real === true && [options.set, options.advance, options.freeze].some((given) => given !== undefined))
      throw new AppError('flag-conflict', {
        zh: '--real 不能与其他参数一起使用：真实时间既不能拨动，也不能停住',
        en: '--real goes with no other flag: real time neither moves nor stands still',
      });
    const zoned = { zone: context.zone, now: context.now() };
    const when = options.set === undefined ? undefined : parseSet(options.set, zoned);
    const advanceSeconds = options.advance === undefined ? undefined : parseSeconds('--advance', options.advance);
    const { control } = await context.sandbox();
    const now = await control.clock({
      set: when?.toISOString(),
      advanceSeconds,
      freeze: options.freeze,
      real: options.real,
    });
    return {
      view: 'item',
      kind: 'Clock',
      item: { now: new Date(now) },
      columns: [{ field: 'now', title: { zh: '沙箱时间', en: 'Sandbox time' } }],
    };
  },
});

/** @throws AppError `flag-invalid`, whose hint tells of --advance too: it is what somebody may mean who gives --set no time. */
function parseSet(text: string, zoned: TypedTimeOptions): Date {
  const when = parseTypedTime(text, zoned);
  if (when !== undefined) return when;
  throw new AppError(
    'flag-invalid',
    { zh: `--set ${text}：不是时间`, en: `--set ${text}: not a time` },
    {
      hint: {
        zh: '写法："2026-11-22 08:00"、2026-11-22T00:00:00Z，或用 24h 表示 24 小时前；--advance 2h 把时钟向前拨。',
        en: 'Write "2026-11-22 08:00", 2026-11-22T00:00:00Z, or 24h for so long ago; --advance 2h moves the clock on.',
      },
    },
  );
}
