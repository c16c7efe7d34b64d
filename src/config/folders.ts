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
      const [zh, en] = (home ?? '') === '' ? ['设置', 'is set'] : ['给出绝对路径', 'is an absolute path'];
      const words = {
        zh: `${variable} 和 HOME 都没有${zh}：没有存放文件的位置`,
        en: `neither ${variable} nor HOME ${en}: there is no place for the files`,
      };
      throw new AppError('config-invalid', words, {
        hint: {
          zh: '请把 HOME 设为运行用户的目录，例如在 crontab 中。',
          en: 'Set HOME to a folder of the user that runs this, for example in the crontab.',
        },
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
