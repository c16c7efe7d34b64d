import { isAbsolute, join, resolve } from 'node:path';
import { findFolders } from '../config/folders.js';
import { readConfigFile } from '../config/config-file.js';
import { type Words, wordsIn, type TextPair } from '../domain/text-pair.js';
import { languageOf, maskOf, modeOf, resolveSettings, SANDBOX_PROFILE, valueOf } from '../config/resolve-settings.js';
import { type Context, PipeClosed } from '../context.js';
import { AppError } from '../errors.js';
import { writeTalk } from '../output/fold-text.js';
import { startProgress } from '../output/progress.js';
import type { RenderOptions } from '../output/render-options.js';
import { safeMessage } from '../output/safe-text.js';
import type { CommandContext } from './command-context.js';
import { globalOptions, outputFormat, parseFields, settingFlags, type TypedGlobals } from './global-flags.js';
import { buildParts } from './build-parts.js';

/** A command's context, how its view is drawn, and what ends it. */
export interface BuiltContext {
  readonly context: CommandContext;
  readonly render: RenderOptions;
  /** Closes what was opened, last opened first. */
  close(): Promise<void>;
}

/**
 * Settles flags, environment, profile and configuration into what one command works with. Reads `config.json`; opens nothing else.
 * @throws AppError `flag-…` or `config-invalid`.
 */
export function buildCommandContext(
  typed: TypedGlobals,
  world: Context,
  { run, commands }: Pick<CommandContext, 'run' | 'commands'>,
): BuiltContext {
  const folders = findFolders(world.env);
  const file = readConfigFile(folders.config);
  const settings = resolveSettings(settingFlags(typed), world.env, file);
  const global = globalOptions(typed);
  const profile = settings.profile.value;
  if (
    profile !== undefined &&
    profile !== SANDBOX_PROFILE &&
    !Object.hasOwn(file.profiles, profile) &&
    settings.profile.layer !== 'config'
  ) {
    const known = [SANDBOX_PROFILE, ...Object.keys(file.profiles)].join(', ');
    throw new AppError(
      'profile-not-found',
      { zh: `没有 profile ${profile}`, en: `there is no profile ${profile}` },
      {
        hint: {
          zh: `已有：${known}。新建：privacy-call login ${profile}`,
          en: `Known: ${known}. Make it with: privacy-call login ${profile}`,
        },
      },
    );
  }
  const zone = valueOf(settings, 'tz');
  const lang = languageOf(settings, world.env);
  const interactive = typed.input && world.stdin.isTerminal && world.stderr.isTerminal;
  const closers: (() => Promise<void>)[] = [];
  const note = async (text: Words): Promise<void> => {
    if (global.quiet) return;
    try {
      await writeTalk(world.stderr, safeMessage(wordsIn(text, lang)));
    } catch (error) {
      // That nobody listens to talk is no reason to stop the work.
      if (!(error instanceof PipeClosed)) throw error;
    }
  };
  const store = settings.store.value;
  const base = {
    ...world,
    // Spread would read getters once; these two stay live.
    stdout: world.stdout,
    stderr: world.stderr,
    now: () => world.now(),
    onHangup: (handler: () => void) => {
      world.onHangup(handler);
    },
    run,
    commands,
    global,
    settings,
    folders,
    profile,
    zone,
    lang,
    interactive,
    mode: modeOf(settings),
    note,
    progress: (text: Words) =>
      startProgress(text, {
        stderr: world.stderr,
        silent: global.quiet || !typed.progress,
        lang,
        now: () => world.now(),
      }),
    confirm: (effect: TextPair) => confirm(effect, { yes: global.yes, interactive, world, lang }),
    defer: (closer: () => Promise<void>) => void closers.push(closer),
  };
  const dataFolder =
    store === undefined
      ? join(folders.data, profile ?? 'default')
      : isAbsolute(store)
        ? store
        : resolve(world.cwd, store);
  const context: CommandContext = { ...base, ...buildParts(base, dataFolder) };
  return {
    context,
    render: renderOptions(typed, context),
    close: async () => {
      // What was opened last stands on what was opened before it; a failure to close one must not keep the others open.
      const failures: unknown[] = [];
      for (const closer of closers.reverse()) await closer().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
  };
}

async function confirm(
  effect: TextPair,
  how: { readonly yes: boolean; readonly interactive: boolean; readonly world: Context; readonly lang: 'zh' | 'en' },
): Promise<void> {
  if (how.yes) return;
  if (!how.interactive) {
    const words = { zh: `${effect.zh}，但这里无法询问`, en: `${effect.en}, and nobody can be asked here` };
    throw new AppError('confirmation-missing', words, {
      hint: { zh: '确实如此请加 --yes。', en: 'Give --yes if it is meant.' },
    });
  }
  const { zh, en } = effect;
  const message = { zh: `${zh}。是否继续？`, en: `${en.charAt(0).toUpperCase()}${en.slice(1)}. Go on?` }[how.lang];
  if ((await how.world.prompt({ type: 'confirm', message })) !== 'yes') {
    throw new AppError('interrupted', { zh: '未确认：什么也没有做', en: 'not confirmed: nothing was done' });
  }
}

function renderOptions(typed: TypedGlobals, context: CommandContext): RenderOptions {
  const { env, stdout } = context;
  const wanted = typed.color ?? ((env.NO_COLOR ?? '') === '' && (stdout.isTerminal || (env.FORCE_COLOR ?? '') !== ''));
  return {
    format: outputFormat(valueOf(context.settings, 'output')),
    formatAsked: context.settings.output.layer !== 'default',
    zone: context.zone,
    lang: context.lang,
    mask: maskOf(context.settings),
    colour: wanted && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb',
    fields: parseFields(typed.fields),
    query: typed.query,
    quiet: context.global.quiet,
    failIfEmpty: typed.failIfEmpty === true,
  };
}
