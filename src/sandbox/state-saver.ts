import { wordsOfError } from '../domain/text-error.js';
import type { Words } from '../domain/text-pair.js';
import type { StateFile } from './state-file.js';
import type { SandboxState } from './state.js';

const SAVE_AFTER_MS = 200;

/** Keeps the state of a served sandbox on the disk. */
export interface StateSaver {
  /** The state is saved 200 ms from now at the latest. */
  changed(): void;
  /** Saves at once, behind a save that is under way. Never rejects: `log` is told of a failure. */
  save(): Promise<void>;
}

/** @param log takes one line for each save that fails. */
export function buildStateSaver(file: StateFile, state: SandboxState, log: (line: Words) => void): StateSaver {
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();

  function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    saving = saving
      .then(() => file.save(state))
      .catch((error: unknown) => {
        const why = wordsOfError(error);
        log({ zh: `无法保存状态：${why.zh}`, en: `cannot save the state: ${why.en}` });
      });
    return saving;
  }

  return {
    save,
    changed() {
      timer ??= setTimeout(() => void save(), SAVE_AFTER_MS);
    },
  };
}
