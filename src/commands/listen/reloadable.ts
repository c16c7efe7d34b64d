import { AppError } from '../../errors.js';
import type { AnswerRule } from '../../receiver/answer-rules.js';
import { parseRules } from '../../receiver/parse-rules.js';
import type { CommandContext } from '../command-context.js';
import { parseAllowList } from '../parse-allow-list.js';
import { readInputText } from '../read-input.js';
import { readTls, type ServerFileOptions } from '../server-files.js';

/** Files that are read at the start and again on SIGHUP. */
export interface ReloadableOptions extends ServerFileOptions {
  readonly allowIp?: string[];
  readonly allowFile?: string;
  readonly answers?: string;
}

/** What is in them. */
export interface Reloadable {
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly allow: ((address: string) => boolean) | undefined;
  readonly rules: readonly AnswerRule[];
}

/** Reads all of them. @throws AppError naming flag, file and, for rules, the line. */
export async function readReloadable(options: ReloadableOptions, context: CommandContext): Promise<Reloadable> {
  const { allowFile, answers } = options;
  const listed = allowFile === undefined ? [] : await readAllowFile(allowFile, context);
  return {
    tls: await readTls(options, context),
    allow: parseAllowList([...(options.allowIp ?? []), ...listed]),
    rules: answers === undefined ? [] : await readRules('--answers', answers, context),
  };
}

/** Rules of a file. @throws AppError `input-unreadable`, `input-invalid` naming file and line. */
export async function readRules(
  flag: string,
  file: string,
  context: Pick<CommandContext, 'cwd' | 'signal'>,
): Promise<readonly AnswerRule[]> {
  return parseRules(await readInputText(flag, file, context), file);
}

/** One address or network a line; `#` begins a remark. A list that lets nobody in is a mistake. */
async function readAllowFile(file: string, context: CommandContext): Promise<string[]> {
  const text = await readInputText('--allow-file', file, context);
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const listed = lines.filter((line) => line !== '');
  if (listed.length === 0)
    throw new AppError('input-invalid', {
      zh: `--allow-file ${file}：其中没有地址`,
      en: `--allow-file ${file}: holds no address`,
    });
  return listed;
}
