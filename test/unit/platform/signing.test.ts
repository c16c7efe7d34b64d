import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  created,
  parseUsernameToken,
  passwordDigest,
  signatureHeaders,
  verifySignature,
} from '../../../src/platform/signing.js';

// The placeholder pair of the vendor's Java sample, with the nonces of the documented examples.
const appKey = 'a1d1f50cad21415fbdd13d8f53d36d60';
const appSecret = 'cfc881cc704c4fba8d8fef5788e03e6b';
const first = { nonce: '66C92B11FF8A425FB8D4CCFE0ED9ED1F', created: '2018-02-12T15:30:20Z' };
const second = { nonce: 'ac1c911c4792492687f8f6b2264a491e', created: '2018-05-26T00:35:30Z' };

const secretOf = (key: string): string | undefined => (key === appKey ? appSecret : undefined);

describe('passwordDigest', () => {
  it.each([
    ['aksk', first, 'qMO+SlJCBqpyYcBSyVkLNzXkk6yh2B+TA9kH8I2GG8Q='],
    ['aksk', second, 'rj1RdW8GfVZ1F9jlzpw42bP6HLjVCjwy1i5MttVVbDU='],
    ['wsse', first, '9kjWrSVCtfT2hAJjL00zPlWf7eq6N5XVsMSCQlKgpCA='],
    ['wsse', second, 'sCZ27wZrM7/XKhw5RXsmyait6cFIqvWnU8Mh2K5gN7E='],
  ] as const)('%s of %o', (signing, parts, digest) => {
    expect(passwordDigest({ appSecret, signing, ...parts })).toBe(digest);
  });
});

describe('signatureHeaders', () => {
  it('writes the documented AKSK header', () => {
    expect(signatureHeaders({ appKey, appSecret, signing: 'aksk', ...first })).toEqual({
      authorization: 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
      'x-aksk':
        'UsernameToken Username="a1d1f50cad21415fbdd13d8f53d36d60",PasswordDigest="qMO+SlJCBqpyYcBSyVkLNzXkk6yh2B+TA9kH8I2GG8Q=",Nonce="66C92B11FF8A425FB8D4CCFE0ED9ED1F",Created="2018-02-12T15:30:20Z"',
    });
  });

  it('names the other header for WSSE', () => {
    const headers = signatureHeaders({ appKey, appSecret, signing: 'wsse', ...first });
    expect(Object.keys(headers)).toEqual(['authorization', 'x-wsse']);
    expect(headers.authorization).toMatch(/^WSSE realm/);
  });
});

it('created is UTC without milliseconds', () => {
  expect(created(new Date('2018-02-12T23:30:20.999+08:00'))).toBe('2018-02-12T15:30:20Z');
});

describe('parseUsernameToken', () => {
  it('takes blanks after commas, and names in any case', () => {
    expect(
      parseUsernameToken(
        'UsernameToken UserName="k", PasswordDigest="d+/=",  Nonce="n" , Created="2018-02-12T15:30:20Z"',
      ),
    ).toEqual({ username: 'k', passwordDigest: 'd+/=', nonce: 'n', created: '2018-02-12T15:30:20Z' });
  });

  it('says what is missing', () => {
    expect(parseUsernameToken('UsernameToken Nonce="n"')).toEqual({
      username: undefined,
      passwordDigest: undefined,
      nonce: 'n',
      created: undefined,
    });
    expect(parseUsernameToken('Username="k"')).toBeUndefined();
  });
});

describe('verifySignature', () => {
  const good = signatureHeaders({ appKey, appSecret, signing: 'aksk', ...first });
  const token = good['x-aksk']!;
  const authorization = good.authorization!;

  it.each(['aksk', 'wsse'] as const)('accepts what signatureHeaders writes: %s', (signing) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{1,128}$/), fc.string(), (nonce, secret) => {
        const headers = signatureHeaders({ appKey, appSecret: secret, signing, nonce, created: first.created });
        expect(verifySignature(headers, () => secret)).toEqual({
          ok: true,
          signing,
          appKey,
          nonce,
          createdAt: new Date(first.created),
        });
        expect(verifySignature(headers, () => `${secret}x`)).toEqual({ ok: false, reason: 'digest-wrong', signing });
      }),
    );
  });

  it('does not take a digest of the other formula', () => {
    const wsse = signatureHeaders({ appKey, appSecret, signing: 'wsse', ...first });
    const crossed = { authorization, 'x-aksk': wsse['x-wsse'] };
    expect(verifySignature(crossed, secretOf)).toMatchObject({ ok: false, reason: 'digest-wrong' });
  });

  it.each([
    ['authorization-missing', { 'x-aksk': token }],
    ['scheme-wrong', { authorization: authorization.replace('AKSK', 'Basic'), 'x-aksk': token }],
    ['scheme-wrong', { authorization: authorization.replace('AKSK', 'WSSE'), 'x-aksk': token }],
    ['realm-missing', { authorization: authorization.replace('realm', 'room'), 'x-aksk': token }],
    ['realm-wrong', { authorization: authorization.replace('SDP', 'SDQ'), 'x-aksk': token }],
    ['profile-missing', { authorization: authorization.replace('profile', 'p'), 'x-aksk': token }],
    ['profile-wrong', { authorization: authorization.replace('UsernameToken', 'Token'), 'x-aksk': token }],
    ['type-missing', { authorization: authorization.replace('type', 't'), 'x-aksk': token }],
    ['type-wrong', { authorization: authorization.replace('Appkey', 'app_key'), 'x-aksk': token }],
    ['token-missing', { authorization }],
    ['username-token-missing', { authorization, 'x-aksk': token.replace('UsernameToken ', '') }],
    ['username-missing', { authorization, 'x-aksk': token.replace('Username=', 'User=') }],
    ['nonce-missing', { authorization, 'x-aksk': token.replace(/Nonce="\w+"/, 'Nonce=""') }],
    ['created-missing', { authorization, 'x-aksk': token.replace('Created', 'Made') }],
    ['created-wrong', { authorization, 'x-aksk': token.replace('20Z', '20.123Z') }],
    ['created-wrong', { authorization, 'x-aksk': token.replace('02-12T', '02-32T') }],
    ['digest-missing', { authorization, 'x-aksk': token.replace('PasswordDigest', 'Digest') }],
    ['app-key-unknown', { authorization, 'x-aksk': token.replace(appKey, 'other') }],
    ['digest-wrong', { authorization, 'x-aksk': token.replace('qMO', 'qMo') }],
    ['digest-wrong', { authorization, 'x-aksk': token.replace('8Q=', '8Q') }],
  ] as const)('%s', (reason, headers) => {
    expect(verifySignature(headers, secretOf)).toMatchObject({ ok: false, reason });
  });

  it('does without Authorization only where it is told to', () => {
    expect(verifySignature({ 'x-aksk': token }, secretOf, { authorization: 'ignored' })).toMatchObject({ ok: true });
  });
});
