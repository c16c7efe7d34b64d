import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { TextPair } from '../domain/text-pair.js';
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
    return fault(
      { zh: `${certFlag}：其中没有 PEM 格式的证书`, en: `${certFlag}: holds no certificate in PEM` },
      beginsWith('CERTIFICATE'),
      refused,
    );
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: .*ENCRYPTED/m.test(key)) {
    const plain = `openssl pkey -in ${keyFile} -out plain.key`;
    return fault(
      { zh: `${keyFlag}：私钥已加密`, en: `${keyFlag}: the key is encrypted` },
      { zh: `用 ${plain} 解密。`, en: `${plain} decrypts it.` },
      refused,
    );
  }
  const own = attempt((): KeyObject => createPrivateKey(key));
  if (own === undefined)
    return fault(
      { zh: `${keyFlag}：其中没有 PEM 格式的私钥`, en: `${keyFlag}: holds no private key in PEM` },
      beginsWith('PRIVATE KEY'),
      refused,
    );
  if (!certificate.checkPrivateKey(own))
    return fault(
      { zh: `${keyFlag}：不是 ${certFlag} 的私钥`, en: `${keyFlag}: is not the key of ${certFlag}` },
      { zh: '请给出制作该证书所用的私钥。', en: 'Give the key that the certificate was made with.' },
      refused,
    );
  const { reason } = refused as { readonly reason?: string };
  const words = {
    zh: `${certFlag}：不能与其私钥一起使用：${reason ?? '原因不明'}`,
    en: `${certFlag}: cannot be used with its key: ${reason ?? 'no reason given'}`,
  };
  return fault(words, undefined, refused);
}

function beginsWith(what: string): TextPair {
  return { zh: `其开头应为 -----BEGIN ${what}-----。`, en: `It begins with -----BEGIN ${what}-----.` };
}

function fault(words: TextPair, hint: TextPair | undefined, cause: unknown): AppError {
  return new AppError('flag-invalid', words, { hint, cause });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
