import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../disk/private-folder.js';
import { writeFileAtomic } from '../disk/write-file-atomic.js';
import type { TextPair } from '../domain/text-pair.js';
import { AppError, storageError } from '../errors.js';
import { initialState } from './initial-state.js';
import type { SandboxState } from './state.js';

/** The state as it lies on the disk; to be used under the lock only. */
export interface StateFile {
  /**
   * The state kept, or a new one with `seed` when there is none. What this process wrote last is not read again.
   * @throws AppError `storage-failed` when the file is damaged; `storage-…` when it cannot be read.
   */
  load(seed: number): Promise<SandboxState>;
  /** Forgets a damaged state. */
  renew(seed: number): SandboxState;
  /** Writes the state, if it has changed, so that after a crash the old or the new one is there whole. */
  save(state: SandboxState): Promise<void>;
}

/** Makes the sandbox's folder, for its owner alone. @throws AppError `storage-…`. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makePrivateFolder(folder);
  } catch (error) {
    throw storageError(error, { zh: `无法创建沙箱的目录 ${folder}`, en: `cannot make the sandbox's folder ${folder}` });
  }
}

const DAMAGED: TextPair = { zh: '已损坏', en: 'is damaged' };

function damaged(file: string, why = DAMAGED, cause?: unknown): AppError {
  const words = {
    zh: `沙箱的状态不可用：${file} ${why.zh}`,
    en: `the sandbox's state cannot be used: ${file} ${why.en}`,
  };
  return new AppError('storage-failed', words, {
    hint: {
      zh: '重新开始：privacy-call sandbox reset --yes',
      en: 'Start afresh with: privacy-call sandbox reset --yes',
    },
    cause,
  });
}

function parseState(text: string, file: string): SandboxState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(file, DAMAGED, error);
  }
  const state = value as Partial<SandboxState> | null;
  if (typeof state !== 'object' || state === null) throw damaged(file);
  if (state.version !== 1) throw damaged(file, { zh: '由其他版本写入', en: 'was written by another version' });
  // A field that a later program added gets its first value.
  const whole = { ...initialState(state.seed ?? 1), ...state };
  const lists = ['applications', 'numbers', 'ax', 'axb', 'axe', 'axyb', 'calls', 'recordings', 'pushes'] as const;
  if (lists.some((name) => !Array.isArray(whole[name]))) throw damaged(file);
  return whole;
}

async function stampOf(file: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true });
    return `${String(ino)} ${String(size)} ${String(mtimeNs)}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The state in `<folder>/state.json`. */
export function openStateFile(folder: string): StateFile {
  const file = join(folder, 'state.json');
  let known: { stamp: string | undefined; state: SandboxState; text: string } | undefined;
  return {
    async load(seed) {
      try {
        const stamp = await stampOf(file);
        if (known !== undefined && known.stamp === stamp) return known.state;
        const text = stamp === undefined ? '' : await readFile(file, 'utf8');
        const state = stamp === undefined ? initialState(seed) : parseState(text, file);
        known = { stamp, state, text };
        return state;
      } catch (error) {
        throw storageError(error, { zh: `无法读取沙箱的状态 ${file}`, en: `cannot read the sandbox's state ${file}` });
      }
    },
    renew(seed) {
      known = undefined;
      return initialState(seed);
    },
    async save(state) {
      const text = JSON.stringify(state);
      if (known?.state === state && known.text === text) return;
      known = undefined;
      try {
        await writeFileAtomic(file, text);
        known = { stamp: await stampOf(file), state, text };
      } catch (error) {
        throw storageError(error, { zh: `无法写入沙箱的状态 ${file}`, en: `cannot write the sandbox's state ${file}` });
      }
    },
  };
}
