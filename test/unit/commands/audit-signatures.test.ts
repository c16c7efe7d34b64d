import { describe, expect, it } from 'vitest';
import { SignatureAudit } from '../../../src/commands/audit/audit-signatures.js';
import { FindingCounter } from '../../../src/notifications/finding.js';
import { signatureHeaders } from '../../../src/platform/signing.js';
import type { StoredPush } from '../../../src/store/journal.js';

const push = (id: string, headers: Readonly<Record<string, string>>): StoredPush => ({
  id,
  at: new Date('2026-11-22T00:00:00Z'),
  kind: 'fee',
  key: undefined,
  remote: '192.0.2.1',
  path: '/fee',
  headers,
  bytes: new Uint8Array(),
  result: 'new',
});
const signed = (appSecret: string): Readonly<Record<string, string>> =>
  signatureHeaders({ appKey: 'key', appSecret, signing: 'aksk', nonce: 'nonce', created: '2026-11-22T00:00:00Z' });

describe('SignatureAudit', () => {
  it('tells wrong signatures from missing ones', () => {
    const audit = new SignatureAudit(new Map([['key', 'secret']]), () => new FindingCounter());
    audit.add(push('good', signed('secret')));
    audit.add(push('wrong', signed('other')));
    audit.add(push('bare', {}));
    expect(audit.findings().map(({ code, count, examples }) => [code, count, examples])).toEqual([
      ['signature-wrong', 1, ['wrong (192.0.2.1)']],
      ['signature-missing', 1, ['bare (192.0.2.1)']],
    ]);
  });
});
