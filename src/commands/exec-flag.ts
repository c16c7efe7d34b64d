import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { AppError } from '../errors.js';
import type { Hook } from '../receiver/run-hook.js';
import type { CommandContext } from './command-context.js';
import { splitCommand } from './split-command.js';

/**
 * Reads `--exec`, which is run without a shell. Looks whether the program is there: a mistyped one would show itself only with the first file or push,
 * perhaps at night. On Windows, where a name may stand for several files, it does not look.
 * @throws AppError `flag-invalid`.
 */
export function parseExec(text: string, { cwd, env }: Pick<CommandContext, 'cwd' | 'env'>): Hook['command'] {
  const [program, ...args] = splitCommand(text) ?? [];
  if (program === undefined)
    throw new AppError(
      'flag-invalid',
      { zh: '--exec：没有程序，或引号没有闭合', en: '--exec: there is no program, or a quote is not closed' },
      {
        hint: {
          zh: '不经过 shell。需要管道时写成：--exec \'sh -c "…"\'。',
          en: 'No shell runs it. For a pipeline write: --exec \'sh -c "…"\'.',
        },
      },
    );
  const places = program.includes('/') ? [''] : (env.PATH?.split(delimiter) ?? []);
  const isWindows = delimiter === ';';
  // Without a PATH the system looks where it thinks best.
  const isUnknown = isWindows || places.length === 0;
  if (isUnknown || places.some((folder) => isProgram(resolve(cwd, folder, program)))) return [program, ...args];
  throw new AppError(
    'flag-invalid',
    { zh: `--exec：没有可执行的程序 ${program}`, en: `--exec: there is no program ${program} that can be run` },
    {
      hint: program.includes('/')
        ? { zh: '请检查其路径和权限。', en: 'Look at its path and its permissions.' }
        : { zh: '请给出路径，或检查 PATH。', en: 'Give its path, or look at PATH.' },
    },
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
