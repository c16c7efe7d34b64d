import type { InterfaceDeclaration } from './declaration.js';
import { inQuery, parameter } from './common.js';

/**
 * Where a recording can be downloaded. Success is a redirect (301) whose `Location` is the address; it must not be followed.
 * Source: privatenumber_02_0007_3 (read 2026-07).
 */
export const recordingAddress: InterfaceDeclaration = {
  id: 'recording.address',
  operation: 'recording-address',
  method: 'GET',
  path: '/rest/provision/voice/record/v1.0',
  page: 'privatenumber_02_0007_3',
  summary: 'ask for the download address of a recording, within 7 days of its call record',
  parameters: [
    inQuery(
      parameter('domain', 'recordDomain', 'text', {
        help: 'recordDomain of the call record',
        length: [1, 128],
        required: true,
      }),
    ),
    inQuery(
      parameter('fileName', 'fileName', 'text', {
        help: 'recordObjectName of the call record',
        length: [1, 128],
        required: true,
      }),
    ),
  ],
  rules: [],
  answer: [],
  resultCodes: ['1012007', '1012020'],
};

/** End a running call, both legs. Source: privatenumber_axyb_0023 (2024-11-11, read 2026-07). */
export const callStop: InterfaceDeclaration = {
  id: 'call.stop',
  operation: 'hangup',
  method: 'POST',
  path: '/rest/httpsessions/callStop/v2.0',
  page: 'privatenumber_axyb_0023',
  summary: 'end a running call (legacy)',
  parameters: [
    parameter('sessionId', 'sessionid', 'id', {
      help: 'session of the call, from an event or a call record',
      length: [1, 256],
      required: true,
    }),
    parameter('signal', 'signal', 'text', { help: 'what to do', fixed: 'call_stop', required: true }),
  ],
  rules: [],
  answer: [],
  resultCodes: ['1020001', '1020002', '1020150', '1020152'],
};
