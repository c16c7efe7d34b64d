import { isAbsolute, join } from 'node:path';
import { AppError } from '../errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the tool keeps its files. Absolute paths; nothing is created by asking. */
export interface Folders {
  /** `config.json` and `credentials.json`. */
  readonly config: string;
  /** One folder a profile: journal, ledger, inventory, archive. */
  readonly data: string;
  /** Sandbox, jobs, lock-out. */
  readonly state: string;
}

/**
 * The folders by the XDG rules: `XDG_…_HOME` where it is an absolute path, else below `HOME`.
 * @throws AppError `config-invalid` when neither is set.
 */
export function findFolders(env: Environment): Folders {
  const below = (variable: string, fallback: string): string => {
    const explicit = env[variable];
    if (explicit !== undefined && isAbsolute(explicit)) return join(explicit, 'privacy-call');
    const home = env.HOME ?? env.USERPROFILE;
    if (home === undefined || !isAbsolute(home)) {
      const why = home === undefined || home === '' ? 'is set' : 'is an absolute path';
      throw new AppError('config-invalid', `neither ${variable} nor HOME ${why}: there is no place for the files`, {
        hint: 'Set HOME to a folder of the user that runs this, for example in the crontab.',
      });
    }
    return join(home, fallback, 'privacy-call');
  };
  return {
    config: below('XDG_CONFIG_HOME', '.config'),
    data: below('XDG_DATA_HOME', '.local/share'),
    state: below('XDG_STATE_HOME', '.local/state'),
  };
}
