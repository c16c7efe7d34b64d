import type { Sink } from '../context.js';
import { AppError } from '../errors.js';
import { safeJson, safeText } from './safe-text.js';

/** What a JMESPath expression finds in data. */
export type Query = (data: unknown) => unknown;

/**
 * Makes a query of what `--query` says; without it all is found.
 * @throws AppError `flag-invalid`, when it is run, where it does not fit the data.
 */
export async function compileQuery(query: string | undefined): Promise<Query> {
  if (query === undefined) return (data) => data;
  const { search } = await import('jmespath');
  return (data) => {
    try {
      return search(data, query) as unknown;
    } catch (error) {
      throw new AppError(
        'flag-invalid',
        {
          zh: `--query 与数据不符：${(error as Error).message}`,
          en: `--query does not fit the data: ${(error as Error).message}`,
        },
        {
          cause: error,
        },
      );
    }
  };
}

/** Writes what was found: as one JSON document, or bare: texts as they are, those of a list one a line, nothing where nothing was found. */
export async function writeFound(found: unknown, asJson: boolean, stdout: Sink): Promise<void> {
  if (asJson) {
    await stdout.write(`${documentText(found)}\n`);
    return;
  }
  const isPlain = Array.isArray(found) && found.every((one) => typeof one !== 'object');
  const lines: readonly unknown[] = isPlain ? found : [found];
  for (const one of lines) if (one !== null) await stdout.write(`${bare(one, stdout)}\n`);
}

function bare(value: unknown, stdout: Sink): string {
  if (typeof value !== 'string') return documentText(value);
  return stdout.isTerminal ? safeText(value) : value;
}

function documentText(value: unknown): string {
  return safeJson(JSON.stringify(value, null, 2));
}
