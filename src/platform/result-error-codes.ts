import type { ErrorCode } from '../errors.js';

const SIGNATURE = [
  '1023006',
  '1023007',
  '1023008',
  '1023009',
  '1023010',
  '1023011',
  '1023012',
  '1023013',
  '1023026',
  '1023027',
  '1023028',
  '1023029',
  '1023030',
  '1023031',
  '1023033',
  '1023034',
  '1023035',
  '1023036',
  '1023037',
  '1023038',
];

/**
 * Which failure of the tool a result code is. `1010010` stands twice, with its HTTP status; the codes for "no such record" are a
 * missing binding here, see `RECORD_MISSING`. Codes that are not here are judged by their HTTP status.
 * Source: privatenumber_04_0009_1 and the result tables of each interface (read 2026-07).
 */
export const ERROR_OF_RESULT: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ...SIGNATURE.map((code): [string, ErrorCode] => [code, 'signature-rejected']),
  ['1010010@401', 'signature-rejected'],
  ['1010010@403', 'flow-control'],
  ['1010013', 'clock-skewed'],
  ['1020166', 'address-not-allowed'],
  ['1020176', 'address-blocked'],
  ['1010003', 'application-unavailable'],
  ['1010004', 'application-unavailable'],
  ['1010008', 'application-unavailable'],
  ['1020150', 'application-unavailable'],
  ['1010040', 'mode-mismatch'],
  ['1010029', 'account-frozen'],
  ['1012012', 'feature-not-enabled'],
  ['1020178', 'feature-not-enabled'],
  ['1010002', 'request-rejected'],
  ['1010006', 'request-rejected'],
  ['1020001', 'request-rejected'],
  ['1011006', 'flow-control'],
  ['1011001', 'number-not-found'],
  ['1011004', 'number-not-found'],
  ['1012001', 'number-not-found'],
  ['1011002', 'no-free-number'],
  ['1012008', 'no-free-number'],
  ['1012009', 'no-free-number'],
  ['1011003', 'already-bound'],
  ['1011005', 'already-bound'],
  ['1012010', 'already-bound'],
  ['1013102', 'already-bound'],
  ['1016002', 'already-bound'],
  ['1020167', 'already-bound'],
  ['1012102', 'number-blocked'],
  ['1012007', 'binding-not-found'],
  ['1016001', 'binding-not-found'],
  ['1020152', 'session-not-found'],
  ['1010001', 'platform-failure'],
  ['1020002', 'platform-failure'],
  ['1023001', 'platform-failure'],
  ['1023002', 'platform-failure'],
]);

/** What "the record does not exist" means for the interfaces that are not about bindings. */
export const RECORD_MISSING: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['recording-address', 'recording-not-found'],
  ['hangup', 'session-not-found'],
]);
