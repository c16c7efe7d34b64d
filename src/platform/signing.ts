import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The two generations of signatures: HMAC-SHA256 (since 2022-11), and SHA-256 (2018 to about 2022). */
export type Signing = 'aksk' | 'wsse';

/** What a signature is made of. */
export interface SignatureParts {
  readonly appKey: string;
  readonly appSecret: string;
  readonly signing: Signing;
  /** Random, 1-128 letters and digits, fresh for every request. */
  readonly nonce: string;
  /** See {@link created}. */
  readonly created: string;
}

/** The attributes of an `X-AKSK` or `X-WSSE` header; `undefined` = not there. */
export interface UsernameToken {
  readonly username: string | undefined;
  readonly passwordDigest: string | undefined;
  readonly nonce: string | undefined;
  readonly created: string | undefined;
}

/** Why a signature does not hold, in the order in which the platform looks. */
export type SignatureReason =
  | 'authorization-missing'
  | 'scheme-wrong'
  | 'realm-missing'
  | 'realm-wrong'
  | 'profile-missing'
  | 'profile-wrong'
  | 'type-missing'
  | 'type-wrong'
  | 'token-missing'
  | 'username-token-missing'
  | 'username-missing'
  | 'nonce-missing'
  | 'created-missing'
  | 'created-wrong'
  | 'digest-missing'
  | 'app-key-unknown'
  | 'digest-wrong';

/** Outcome of {@link verifySignature}. Whether `createdAt` is near enough is the caller's to judge. */
export type SignatureResult =
  | {
      readonly ok: true;
      readonly signing: Signing;
      readonly appKey: string;
      readonly nonce: string;
      readonly createdAt: Date;
    }
  | { readonly ok: false; readonly reason: SignatureReason; readonly signing: Signing | undefined };

/** Header names in lower case, as `node:http` gives them. */
export type SignedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The time of a signature: UTC without milliseconds, `2018-02-12T15:30:20Z`.
 * Source: header tables of privatenumber_02_0011 (read 2026-07).
 */
export function created(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, 'Z');
}

/**
 * Base64 of HMAC-SHA256(key = secret, nonce + created) for AKSK, of SHA256(nonce + created + secret) for WSSE.
 * Source: privatenumber_01_0026 (sample, read 2026-07), header tables of privatenumber_02_0011.
 */
export function passwordDigest(parts: Omit<SignatureParts, 'appKey'>): string {
  const { appSecret, nonce, signing } = parts;
  return signing === 'aksk'
    ? createHmac('sha256', appSecret)
        .update(nonce + parts.created)
        .digest('base64')
    : createHash('sha256')
        .update(nonce + parts.created + appSecret)
        .digest('base64');
}

/** The two headers of a signed request or push; names in lower case. `Content-Type` is not among them. */
export function signatureHeaders(parts: SignatureParts): Readonly<Record<string, string>> {
  const scheme = parts.signing.toUpperCase();
  const token = `Username="${parts.appKey}",PasswordDigest="${passwordDigest(parts)}"`;
  return {
    authorization: `${scheme} realm="SDP",profile="UsernameToken",type="Appkey"`,
    [`x-${parts.signing}`]: `UsernameToken ${token},Nonce="${parts.nonce}",Created="${parts.created}"`,
  };
}

/** Reads the value of `X-AKSK` or `X-WSSE`, with or without blanks after the commas; `undefined` when it is none. */
export function parseUsernameToken(value: string): UsernameToken | undefined {
  const found = /^\s*UsernameToken(?:\s+|$)/i.exec(value);
  if (!found) return undefined;
  const attributes = attributesOf(value.slice(found[0].length));
  return {
    username: attributes.get('username'),
    passwordDigest: attributes.get('passworddigest'),
    nonce: attributes.get('nonce'),
    created: attributes.get('created'),
  };
}

/**
 * Checks the signature of a request or a push; compares in constant time. The header decides the formula; `X-AKSK` counts before
 * `X-WSSE`.
 * @param secretOf gives the secret of an APP_Key, `undefined` for an unknown one.
 * @param options `authorization: 'ignored'` where a proxy may have taken that header away.
 */
export function verifySignature(
  headers: SignedHeaders,
  secretOf: (appKey: string) => string | undefined,
  options: { readonly authorization?: 'checked' | 'ignored' } = {},
): SignatureResult {
  const signing: Signing | undefined =
    headers['x-aksk'] !== undefined ? 'aksk' : headers['x-wsse'] !== undefined ? 'wsse' : undefined;
  const refused = (reason: SignatureReason): SignatureResult => ({ ok: false, reason, signing });
  const authorization =
    options.authorization === 'ignored' ? undefined : authorizationFault(single(headers.authorization), signing);
  if (authorization !== undefined) return refused(authorization);
  if (signing === undefined) return refused('token-missing');
  const token = parseUsernameToken(single(headers[`x-${signing}`]) ?? '');
  if (token === undefined) return refused('username-token-missing');
  const { username, nonce } = token;
  if (!username) return refused('username-missing');
  if (!nonce) return refused('nonce-missing');
  if (!token.created) return refused('created-missing');
  const createdAt = parseCreated(token.created);
  if (createdAt === undefined) return refused('created-wrong');
  if (!token.passwordDigest) return refused('digest-missing');
  const appSecret = secretOf(username);
  if (appSecret === undefined) return refused('app-key-unknown');
  const expected = passwordDigest({ appSecret, signing, nonce, created: token.created });
  if (!sameText(expected, token.passwordDigest)) return refused('digest-wrong');
  return { ok: true, signing, appKey: username, nonce, createdAt };
}

function authorizationFault(value: string | undefined, signing: Signing | undefined): SignatureReason | undefined {
  if (!value) return 'authorization-missing';
  const scheme = /^\s*(\w+)\s/.exec(value)?.[1]?.toLowerCase();
  if (scheme !== (signing ?? scheme) || (scheme !== 'aksk' && scheme !== 'wsse')) return 'scheme-wrong';
  const attributes = attributesOf(value);
  const realm = attributes.get('realm');
  const profile = attributes.get('profile');
  const type = attributes.get('type');
  if (realm === undefined) return 'realm-missing';
  if (realm !== 'SDP') return 'realm-wrong';
  if (profile === undefined) return 'profile-missing';
  if (profile !== 'UsernameToken') return 'profile-wrong';
  if (type === undefined) return 'type-missing';
  return type === 'Appkey' ? undefined : 'type-wrong';
}

/** `name="value"` pairs, names in lower case; the first of a name counts. */
function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  const pattern = /(\w+)\s*=\s*"([^"]*)"/g;
  // An iterator of all matches takes twice as long, and a receiver reads such a header with each push.
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const name = (found[1] ?? '').toLowerCase();
    if (!attributes.has(name)) attributes.set(name, found[2] ?? '');
  }
  return attributes;
}

function parseCreated(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value[0];
}
