import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocatedError, parseLocatedJson } from '../domain/located-json.js';
import { decodeText } from '../domain/text-encoding.js';
import { wordsOfError } from '../domain/text-error.js';
import type { TextPair } from '../domain/text-pair.js';
import { AppError, storageError } from '../errors.js';
import { settingOf } from './setting-catalogue.js';

/** Values of settings by key, as text. */
export type SettingValues = Readonly<Record<string, string>>;

/** Content of `config.json`. Holds no secret. */
export interface ConfigFile {
  /** For every profile. */
  readonly settings: SettingValues;
  readonly profiles: Readonly<Record<string, SettingValues>>;
  /** Chosen by `profiles use`. */
  readonly profile?: string | undefined;
}

const EMPTY: ConfigFile = { settings: {}, profiles: {} };

/**
 * Reads `config.json` of `folder`; a missing file is an empty one.
 * @throws AppError `config-invalid` that names the file and the key, or line and column of what is no JSON.
 */
export function readConfigFile(folder: string): ConfigFile {
  const path = join(folder, 'config.json');
  let text: string;
  try {
    // Every command reads it: starting the pool of threads for it would take longer than the file does.
    text = decodeText(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY;
    throw storageError(error, { zh: `无法读取 ${path}`, en: `cannot read ${path}` });
  }
  const content = parseJson(text, path);
  const profiles = Object.entries(asObject(content.profiles ?? {}, path, 'profiles'));
  const profile = content.profile;
  if (profile !== undefined && typeof profile !== 'string') {
    throw invalid(path, 'profile', { zh: '必须是 profile 的名称', en: 'must be the name of a profile' });
  }
  return {
    settings: readValues(content.settings ?? {}, path, 'settings'),
    profiles: Object.fromEntries(
      profiles.map(([name, values]) => [name, readValues(values, path, `profiles.${name}`)]),
    ),
    profile,
  };
}

/** Replaces `config.json`. @throws AppError `storage-…`. */
export async function writeConfigFile(folder: string, content: ConfigFile): Promise<void> {
  const path = join(folder, 'config.json');
  try {
    const { writeFileAtomic } = await import('../disk/write-file-atomic.js');
    await writeFileAtomic(path, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw storageError(error, { zh: `无法写入 ${path}`, en: `cannot write ${path}` });
  }
}

function invalid(path: string, key: string, why: TextPair): AppError {
  const words = { zh: `${path}：${key} ${why.zh}`, en: `${path}: ${key} ${why.en}` };
  return new AppError('config-invalid', words, { hint: HINT });
}

/** No command helps: every one reads the file. */
const HINT: TextPair = {
  zh: '请在编辑器中改正，或移走该文件：没有它时使用默认值。其中没有 APP_Key 和 APP_Secret。',
  en: 'Correct it in an editor, or move the file away: without it the defaults count. Keys and secrets are not in it.',
};

function parseJson(text: string, path: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const { line, column, why } = whereBroken(text);
    const place = `${path}:${line}:${column}`;
    const words = { zh: `${place}：${why.zh}`, en: `${place}: ${why.en}` };
    throw new AppError('config-invalid', words, { hint: HINT, cause: error });
  }
  return asObject(content, path, 'the file');
}

/** The parser of JavaScript quotes the file, and tells no line. */
function whereBroken(text: string): { readonly line: number; readonly column: number; readonly why: TextPair } {
  try {
    parseLocatedJson(text);
  } catch (error) {
    if (error instanceof LocatedError) return { line: error.line, column: error.column ?? 1, why: wordsOfError(error) };
    throw error;
  }
  return { line: 1, column: 1, why: { zh: '不是 JSON', en: 'no JSON' } };
}

function asObject(value: unknown, path: string, key: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(path, key, { zh: '必须是对象', en: 'must be an object' });
  return value as Record<string, unknown>;
}

function readValues(value: unknown, path: string, where: string): SettingValues {
  const values: [string, string][] = [];
  for (const [key, text] of Object.entries(asObject(value, path, where))) {
    const setting = settingOf(key);
    if (setting === undefined) throw invalid(path, `${where}.${key}`, { zh: '不是设置项', en: 'is not a setting' });
    if (typeof text !== 'string') throw invalid(path, `${where}.${key}`, { zh: '必须是文本', en: 'must be a text' });
    try {
      values.push([key, setting.read(text)]);
    } catch (error) {
      throw invalid(path, `${where}.${key}`, wordsOfError(error));
    }
  }
  return Object.fromEntries(values);
}
