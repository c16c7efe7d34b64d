import type { ResolvedSettings } from '../config/resolve-settings.js';
import type { Folders } from '../config/folders.js';
import type { Context } from '../context.js';
import type { BindingMode, Mode } from '../domain/mode.js';
import type { Words, TextPair } from '../domain/text-pair.js';
import type { Progress } from '../output/progress.js';
import type { Platform } from '../platform/platform.js';
import type { RetryLimits } from '../platform/retry-policy.js';
import type { Transport } from '../platform/transport.js';
import type { Sandbox } from '../sandbox/state-folder.js';
import type { Store } from '../store/store.js';
import type { CommandFacts } from './command-facts.js';

/** Flags that every command has, beside those that are settings. */
export interface GlobalOptions {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly debug: boolean;
  readonly force: boolean;
}

/**
 * What a command works with: the outside world, the settings as they count now, and the parts of the house, each made when it is first
 * asked for and closed when the command has ended.
 */
export interface CommandContext extends Context {
  readonly global: GlobalOptions;
  readonly settings: ResolvedSettings;
  readonly folders: Folders;
  /** Profile in use; `undefined` when none is chosen (then only commands that need no application work). */
  readonly profile: string | undefined;
  /** Zone for typed and shown times. */
  readonly zone: string;
  readonly lang: 'zh' | 'en';
  /** Whether a person can be asked: a terminal on stdin and stderr, and no `--no-input`. */
  readonly interactive: boolean;
  /** Mode by flag, environment or profile. */
  readonly mode: Mode | undefined;
  /**
   * The platform for an application of `mode`.
   * @param limits retries other than those of the settings.
   * @throws AppError `credentials-…`, `storage-…`.
   */
  platform(mode?: BindingMode | 'x', limits?: RetryLimits): Promise<Platform>;
  /** The way to the platform and its storage, unsigned. */
  transport(): Promise<Transport>;
  /** The platform's time, where an answer of it told it; else that of this machine. */
  platformNow(): Date;
  /** What the profile keeps. */
  store(): Promise<Store>;
  /** The embedded sandbox; opened also without the profile `sandbox`. */
  sandbox(): Promise<Sandbox>;
  /** One line of talk for people, on stderr; nothing with `--quiet`. */
  note(text: Words): Promise<void>;
  /** Shows that long work goes on. */
  progress(text: Words): Promise<Progress>;
  /**
   * Asks before something that cannot be undone.
   * @param effect what will happen, as a clause: `this removes all 3 bindings`.
   * @throws AppError `confirmation-missing` without `--yes` where nobody can be asked; `interrupted` when the answer is no.
   */
  confirm(effect: TextPair): Promise<void>;
  /** Runs `close` when the command has ended, however it ended. Last registered, first closed. */
  defer(close: () => Promise<void>): void;
  /** Runs another command in the same world: for `demo`. */
  readonly run: (argv: readonly string[], context: Context) => Promise<number>;
  /** Every command with its flags: for `completion`. */
  readonly commands: () => Promise<readonly CommandFacts[]>;
}
