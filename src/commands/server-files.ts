import { resolve } from 'node:path';
import type { Command } from 'commander';
import { writeNamedFile } from '../disk/write-named-file.js';
import { AppError, storageError } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { readInputText } from './read-input.js';

/** Files that a server of ours reads and writes. */
export interface ServerFileOptions {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly readyFile?: string;
}

/** Adds the flags for certificate, key and the file that says "ready". */
export function addServerFileFlags(command: Command): void {
  command
    .option('--tls-cert <file>', 'certificate, PEM; with it HTTPS only')
    .option('--tls-key <file>', 'key of the certificate, PEM')
    .option('--ready-file <file>', 'write the address here once requests are taken');
}

/**
 * Certificate and key as PEM texts; `undefined` when none are given.
 * @throws AppError `flag-missing` for one without the other; naming flag and file, `input-unreadable`, and `flag-invalid` for what no server can use.
 */
export async function readTls(
  { tlsCert, tlsKey }: ServerFileOptions,
  context: Pick<CommandContext, 'cwd' | 'signal'>,
): Promise<{ readonly cert: string; readonly key: string } | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw new AppError('flag-missing', {
      zh: '--tls-cert 和 --tls-key 必须一起给出',
      en: '--tls-cert and --tls-key go together',
    });
  const cert = await readInputText('--tls-cert', tlsCert, context);
  const key = await readInputText('--tls-key', tlsKey, context);
  const { checkCertificate } = await import('./check-certificate.js');
  checkCertificate({ cert, key, certFile: tlsCert, keyFile: tlsKey });
  return { cert, key };
}

/** Tells whoever waits for `--ready-file` the address. @throws AppError `storage-…`. */
export async function writeReadyFile(
  { readyFile }: ServerFileOptions,
  context: Pick<CommandContext, 'cwd' | 'signal'>,
  url: string,
): Promise<void> {
  if (readyFile === undefined) return;
  try {
    await writeNamedFile(resolve(context.cwd, readyFile), `${url}\n`, 0o644);
  } catch (error) {
    throw storageError(error, {
      zh: `无法写入 --ready-file ${readyFile}`,
      en: `cannot write --ready-file ${readyFile}`,
    });
  }
}
