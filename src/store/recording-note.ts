/**
 * What is to be remembered of a recording beside its archive entry. `failed`: the last run did not get it. `again`: `recordings verify` found
 * the file missing or altered, and the next download fetches it. `command-failed`: the file is whole, the command of `--exec` failed on it.
 * `settled`: nothing any more.
 */
export interface RecordingNote {
  readonly key: string;
  readonly at: Date;
  readonly state: 'failed' | 'again' | 'command-failed' | 'settled';
  /** For people, in English; older versions wrote it in the language of the run. */
  readonly reason?: string | undefined;
  /** The same in Chinese. */
  readonly reasonZh?: string | undefined;
  /** Likely reason of the platform's answer that there is none. */
  readonly missing?: 'arrears' | 'wrong-name' | 'expired' | 'too-short' | undefined;
  /** Error code of the failure. */
  readonly code?: string | undefined;
}
