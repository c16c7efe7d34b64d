/**
 * The fields of a CDR that the scanner takes out, with the numbers by which `wasm/scanner/row.ts` knows them. Those marked `cdr` tell a CDR that stands
 * alone by their presence; an object with one marked `apart` is no single CDR.
 */
export const SCANNED_FIELDS: readonly {
  readonly name: string;
  readonly column: number;
  readonly cdr?: boolean;
}[] = [
  { name: 'callInTime', column: 1, cdr: true },
  { name: 'fwdAlertingTime', column: 2 },
  { name: 'fwdAnswerTime', column: 3 },
  { name: 'callEndTime', column: 4, cdr: true },
  { name: 'failTime', column: 5 },
  { name: 'ulFailReason', column: 6, cdr: true },
  { name: 'fwdUnaswRsn', column: 7 },
  { name: 'direction', column: 8 },
  { name: 'serviceType', column: 9 },
  { name: 'recordFlag', column: 10, cdr: true },
  { name: 'extendNum', column: 11 },
  { name: 'notifyMode', column: 12 },
  { name: 'bindNum', column: 13, cdr: true },
  { name: 'calleeNum', column: 14 },
  { name: 'callerNum', column: 15 },
  { name: 'fwdDstNum', column: 16, cdr: true },
  { name: 'sessionId', column: 17 },
  { name: 'areaCode', column: 18 },
  { name: 'subscriptionId', column: 19 },
  { name: 'icid', column: 20 },
  // With one of these an object that stands alone is something else.
  { name: 'eventType', column: 21 },
  { name: 'feeLst', column: 21 },
  { name: 'numInfo', column: 21 },
  { name: 'smsEvent', column: 21 },
  { name: 'v', column: 21 },
  { name: 'fwdStartTime', column: 22, cdr: true },
];

/** Added to the column of a field that only a CDR has. */
export const CDR_FIELD = 0x100;
