import { SANDBOX_PROFILE } from '../config/resolve-settings.js';
import { isBindingMode } from '../domain/mode.js';
import { AppError, isAppError } from '../errors.js';
import type { Column } from '../output/view.js';
import { bindingDeclarations } from '../platform/declarations/all.js';
import type { CommandContext } from './command-context.js';
import { defineCommand } from './command.js';

interface Check {
  readonly kind: 'Check';
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint?: string | undefined;
}

const COLUMNS: readonly Column<Check>[] = [
  { field: 'ok', title: { zh: '', en: '' }, cell: ({ ok }, paint) => (ok ? paint.good('ok') : paint.bad('!!')) },
  { field: 'check', title: { zh: '检查', en: 'Check' } },
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
      for (const step of [checkProfile, checkStore, checkPlatform]) {
        const { check, problem } = await settle(step, context);
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

type Step = (context: CommandContext) => Promise<{ readonly check: string; readonly detail: string }>;

const NAMES = new Map<Step, string>([
  [checkProfile, 'profile'],
  [checkStore, 'store'],
  [checkPlatform, 'platform'],
]);

async function settle(step: Step, context: CommandContext): Promise<{ check: Check; problem: AppError | undefined }> {
  try {
    return { check: { kind: 'Check', ok: true, ...(await step(context)) }, problem: undefined };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const check: Check = {
      kind: 'Check',
      ok: false,
      check: NAMES.get(step) ?? '',
      detail: error.message,
      hint: error.hint,
    };
    return { check, problem: error };
  }
}

function checkProfile(context: CommandContext): Promise<{ check: string; detail: string }> {
  const { profile, settings, mode, zone, lang } = context;
  const endpoint = profile === SANDBOX_PROFILE ? 'embedded' : (settings.endpoint.value ?? 'default address');
  const detail = `${profile ?? 'none chosen'} · mode ${mode ?? 'not set'} · ${endpoint} · ${zone} · ${lang}`;
  return Promise.resolve({ check: 'profile', detail });
}

async function checkStore(context: CommandContext): Promise<{ check: string; detail: string }> {
  const health = await (await context.store()).health();
  if (!health.durable) throw new AppError('storage-failed', `${health.location}: ${health.notes.join('; ')}`);
  return { check: 'store', detail: [health.location, ...health.notes].join(' · ') };
}

async function checkPlatform(context: CommandContext): Promise<{ check: string; detail: string }> {
  const mode = context.mode !== undefined && isBindingMode(context.mode) ? context.mode : 'axb';
  const platform = await context.platform(context.mode ?? (context.profile === SANDBOX_PROFILE ? mode : undefined));
  const start = context.now().getTime();
  const told = (text: string): { check: string; detail: string } => ({
    check: 'platform',
    detail: `${text} in ${context.now().getTime() - start} ms: address, clock, key and secret are right`,
  });
  try {
    await platform.call(bindingDeclarations(mode).query, { id: NO_ID });
    return told('answered');
  } catch (error) {
    // "No such binding" and "another mode" are answers to a signature that was accepted.
    if (isAppError(error, 'binding-not-found')) return told('answered');
    if (isAppError(error, 'mode-mismatch') && context.mode === undefined) {
      return {
        check: 'platform',
        detail: 'answered: address, clock, key and secret are right; the mode of the application is not AXB',
      };
    }
    throw error;
  }
}
