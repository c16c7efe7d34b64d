import { runCommand } from './run-command.js';
import { lacksSidecar, sidecarPath, writeSidecar } from './write-sidecar.js';
import type { ArchiveEntry } from '../store/archive-entry.js';
import type { TextPair } from '../domain/text-pair.js';
import type { RecordingItem } from './plan-recordings.js';

/** What was done with a file once it was whole. */
export interface FollowUp {
  /** Absolute path. */
  readonly sidecar?: string | undefined;
  /** Why the command failed. */
  readonly commandError?: TextPair | undefined;
}

/** A file and the recording in it. `fresh`: it was saved in this run; else only what is still missing is done. */
export interface FollowedFile {
  readonly entry: ArchiveEntry;
  readonly item: RecordingItem;
  readonly fresh: boolean;
}

/** @returns `undefined` when there was nothing to do. Rejects with `disk-full`, `storage-…` of the sidecar or the archive. */
export type FollowFile = (file: FollowedFile, signal: AbortSignal) => Promise<FollowUp | undefined>;

/** What is done with each file. */
export interface FollowOptions {
  readonly sidecar: boolean;
  /** Program and arguments. */
  readonly command?: readonly string[] | undefined;
  /** Where the command runs, and with which environment beside the facts. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told when the command that the archive remembers as due has ended well. Rejects with `disk-full`, `storage-…`. */
  readonly commandDone?: ((entry: ArchiveEntry) => Promise<void>) | undefined;
}

/**
 * Writes sidecars and runs a command for each file that is whole. For files of earlier runs a missing sidecar is written, and a command that
 * failed then, or was due and has not ended (the process was killed), is run again.
 */
export function buildFollow(options: FollowOptions): FollowFile | undefined {
  const { sidecar: wantsSidecar, command, cwd, env, commandDone } = options;
  if (!wantsSidecar && command === undefined) return undefined;
  return async ({ entry, item, fresh }, signal) => {
    const writes = wantsSidecar && (fresh || (await lacksSidecar(entry.file)));
    const runs = command !== undefined && (fresh || entry.commandDue === true || item.note?.state === 'command-failed');
    if (!writes && !runs) return undefined;
    const sidecar = writes ? await writeSidecar(entry, item.record) : undefined;
    const facts = factsOf(entry, item, wantsSidecar ? sidecarPath(entry.file) : undefined);
    const commandError = runs
      ? await runCommand({ words: command, cwd, env: { ...withoutCredentials(env), ...facts }, signal })
      : undefined;
    if (runs && commandError === undefined && entry.commandDue === true) await commandDone?.(entry);
    return { sidecar, commandError };
  };
}

function factsOf(
  { key, file, sizeBytes, sha256, durationSeconds }: ArchiveEntry,
  { record }: RecordingItem,
  sidecar: string | undefined,
): Readonly<Record<string, string | undefined>> {
  return {
    PRIVACY_CALL_FILE: file,
    PRIVACY_CALL_SIDECAR: sidecar,
    PRIVACY_CALL_KEY: key,
    PRIVACY_CALL_SHA256: sha256,
    PRIVACY_CALL_BYTES: String(sizeBytes),
    PRIVACY_CALL_SECONDS: durationSeconds === undefined ? undefined : String(durationSeconds),
    PRIVACY_CALL_SESSION: record.sessionId,
    PRIVACY_CALL_STARTED_AT: record.startedAt?.toISOString(),
  };
}

/** A command that stores files somewhere has no use for the platform's credentials. */
function withoutCredentials(env: FollowOptions['env']): FollowOptions['env'] {
  return { ...env, PRIVACY_CALL_APP_KEY: undefined, PRIVACY_CALL_APP_SECRET: undefined };
}
