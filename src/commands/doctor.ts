import { SANDBOX_PROFILE } from '../config/resolve-settings.js';
import { isBindingMode } from '../domain/mode.js';
import { AppError, isAppError } from '../errors.js';
import { joinPairs, sameText, type TextPair, Told, toldOf } from '../domain/text-pair.js';
import type { Column } from '../output/view.js';
import { bindingDeclarations } from '../platform/declarations/all.js';
import type { CommandContext } from './command-context.js';
import { defineCommand } from './command.js';

interface Check {
  readonly kind: 'Check';
  readonly check: keyof typeof NAMES;
  readonly ok: boolean;
  readonly detail: Told;
  readonly hint?: Told | undefined;
}

const NAMES = {
  profile: { zh: '应用', en: 'profile' },
  store: { zh: '存储', en: 'store' },
  platform: { zh: '平台', en: 'platform' },
} as const;

const COLUMNS: readonly Column<Check>[] = [
  { field: 'ok', title: { zh: '', en: '' }, cell: ({ ok }, paint) => (ok ? paint.good('ok') : paint.bad('!!')) },
  { field: 'check', title: { zh: '检查', en: 'Check' }, cell: ({ check }, paint) => paint.words(NAMES[check]) },
  { field: 'detail', title: { zh: '结果', en: 'Result' } },
  { field: 'hint', title: { zh: '处理', en: 'What to do' } },
];

/** An ID that no binding has: asking for it harms nothing and proves address, clock, key and secret. */
const NO_ID = 'privacy-call-doctor';

export const command = defineCommand({
  help: {
    purpose:
      'Check what the tool stands on: settings and profile, folders and store, the credentials, and with one harmless query the access address, the clock and the signature. Repeated signature failures make the platform block this address for 30 minutes: the query is sent once.',
    examples: [{ says: 'the sandbox is always well', line: 'privacy-call -p sandbox doctor' }],
    output: 'Check: check, ok, detail, hint',
    exits: ['auth', 'busy', 'network', 'lockedOut', 'account', 'storage'],
  },
  run(_options, context) {
    let worst: AppError | undefined;
    const checks = async function* (): AsyncGenerator<Check> {
      for (const [name, step] of STEPS) {
        const { check, problem } = await settle(name, step, context);
        worst ??= problem;
        yield check;
      }
    };
    return Promise.resolve({
      view: 'list',
      kind: 'CheckList',
      items: checks(),
      columns: COLUMNS,
      layout: 'blocks',
      outcome: () => worst,
    });
  },
});

type Step = (context: CommandContext) => Promise<TextPair>;

const STEPS: readonly (readonly [name: keyof typeof NAMES, step: Step])[] = [
  ['profile', checkProfile],
  ['store', checkStore],
  ['platform', checkPlatform],
];

async function settle(
  name: keyof typeof NAMES,
  step: Step,
  context: CommandContext,
): Promise<{ check: Check; problem: AppError | undefined }> {
  try {
    const detail = new Told(await step(context));
    return { check: { kind: 'Check', check: name, ok: true, detail }, problem: undefined };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const detail = new Told(error.words);
    const hint = toldOf(error.hint);
    return { check: { kind: 'Check', check: name, ok: false, detail, hint }, problem: error };
  }
}

function checkProfile({ profile, settings, mode, zone, lang }: CommandContext): Promise<TextPair> {
  const isSandbox = profile === SANDBOX_PROFILE;
  const address = isSandbox ? undefined : settings.endpoint.value;
  const otherwise = isSandbox ? { zh: '内置', en: 'embedded' } : { zh: '默认地址', en: 'default address' };
  const { zh, en } = address === undefined ? otherwise : sameText(address);
  return Promise.resolve({
    zh: `${profile ?? '未选择'} · 模式 ${mode ?? '未设置'} · ${zh} · ${zone} · ${lang}`,
    en: `${profile ?? 'none chosen'} · mode ${mode ?? 'not set'} · ${en} · ${zone} · ${lang}`,
  });
}

async function checkStore(context: CommandContext): Promise<TextPair> {
  const { durable, location, notes } = await (await context.store()).health();
  if (!durable) {
    const why = joinPairs(notes, { zh: '；', en: '; ' });
    throw new AppError('storage-failed', { zh: `${location}：${why.zh}`, en: `${location}: ${why.en}` });
  }
  return joinPairs([sameText(location), ...notes], sameText(' · '));
}

async function checkPlatform(context: CommandContext): Promise<TextPair> {
  const mode = context.mode !== undefined && isBindingMode(context.mode) ? context.mode : 'axb';
  const platform = await context.platform(context.mode ?? (context.profile === SANDBOX_PROFILE ? mode : undefined));
  const start = context.now().getTime();
  const answered = (): TextPair => {
    const latencyMs = context.now().getTime() - start;
    return {
      zh: `${latencyMs} ms 内应答：地址、时钟、APP_Key 和 APP_Secret 均正确`,
      en: `answered in ${latencyMs} ms: address, clock, key and secret are right`,
    };
  };
  try {
    await platform.call(bindingDeclarations(mode).query, { id: NO_ID });
    return answered();
  } catch (error) {
    // "No such binding" and "another mode" are answers to a signature that was accepted.
    if (isAppError(error, 'binding-not-found')) return answered();
    if (isAppError(error, 'mode-mismatch') && context.mode === undefined) {
      return {
        zh: '已应答：地址、时钟、APP_Key 和 APP_Secret 均正确；该应用的模式不是 AXB',
        en: 'answered: address, clock, key and secret are right; the mode of the application is not AXB',
      };
    }
    throw error;
  }
}
