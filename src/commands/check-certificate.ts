import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { AppError } from '../errors.js';

/** A certificate and its key as PEM texts, and the files that they came from. */
export interface TypedCertificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Whether a server can use them. What a server refuses is the measure; why is looked for only then.
 * @throws AppError `flag-invalid` naming flag and file.
 */
export function checkCertificate(typed: TypedCertificate): void {
  try {
    createSecureContext({ cert: typed.cert, key: typed.key });
  } catch (error) {
    throw findFault(typed, error);
  }
}

function findFault({ cert, key, certFile, keyFile }: TypedCertificate, refused: unknown): AppError {
  const [certFlag, keyFlag] = [`--tls-cert ${certFile}`, `--tls-key ${keyFile}`];
  const certificate = attempt(() => new X509Certificate(cert));
  if (certificate === undefined)
    return fault(`${certFlag}: holds no certificate in PEM`, 'It begins with -----BEGIN CERTIFICATE-----.', refused);
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: .*ENCRYPTED/m.test(key))
    return fault(
      `${keyFlag}: the key is encrypted`,
      `openssl pkey -in ${keyFile} -out plain.key decrypts it.`,
      refused,
    );
  const own = attempt((): KeyObject => createPrivateKey(key));
  if (own === undefined)
    return fault(`${keyFlag}: holds no private key in PEM`, 'It begins with -----BEGIN PRIVATE KEY-----.', refused);
  if (!certificate.checkPrivateKey(own))
    return fault(
      `${keyFlag}: is not the key of ${certFlag}`,
      'Give the key that the certificate was made with.',
      refused,
    );
  const { reason = 'no reason given' } = refused as { readonly reason?: string };
  return fault(`${certFlag}: cannot be used with its key: ${reason}`, undefined, refused);
}

function fault(message: string, hint: string | undefined, cause: unknown): AppError {
  return new AppError('flag-invalid', message, { hint, cause });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
