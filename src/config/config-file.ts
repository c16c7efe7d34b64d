import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocatedError, parseLocatedJson } from '../domain/located-json.js';
import { decodeText } from '../domain/text-encoding.js';
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
    throw storageError(error, `cannot read ${path}`);
  }
  const content = parseJson(text, path);
  const profiles = Object.entries(asObject(content.profiles ?? {}, path, 'profiles'));
  const profile = content.profile;
  if (profile !== undefined && typeof profile !== 'string') {
    throw invalid(path, 'profile', 'must be the name of a profile');
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
    throw storageError(error, `cannot write ${path}`);
  }
}

function invalid(path: string, key: string, why: string): AppError {
  return new AppError('config-invalid', `${path}: ${key} ${why}`, { hint: HINT });
}

/** No command helps: every one reads the file. */
const HINT =
  'Correct it in an editor, or move the file away: without it the defaults count. Keys and secrets are not in it.';

function parseJson(text: string, path: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const { line, column, message } = whereBroken(text);
    throw new AppError('config-invalid', `${path}:${line}:${column}: ${message}`, { hint: HINT, cause: error });
  }
  return asObject(content, path, 'the file');
}

/** The parser of JavaScript quotes the file, and tells no line. */
function whereBroken(text: string): { readonly line: number; readonly column: number; readonly message: string } {
  try {
    parseLocatedJson(text);
  } catch (error) {
    if (error instanceof LocatedError) return { line: error.line, column: error.column ?? 1, message: error.message };
    throw error;
  }
  return { line: 1, column: 1, message: 'no JSON' };
}

function asObject(value: unknown, path: string, key: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(path, key, 'must be an object');
  return value as Record<string, unknown>;
}

function readValues(value: unknown, path: string, where: string): SettingValues {
  const values: [string, string][] = [];
  for (const [key, text] of Object.entries(asObject(value, path, where))) {
    const setting = settingOf(key);
    if (setting === undefined) throw invalid(path, `${where}.${key}`, 'is not a setting');
    if (typeof text !== 'string') throw invalid(path, `${where}.${key}`, 'must be a text');
    try {
      values.push([key, setting.read(text)]);
    } catch (error) {
      throw invalid(path, `${where}.${key}`, (error as Error).message);
    }
  }
  return Object.fromEntries(values);
}
