/** What a push is, as far as its bytes tell. */
export type PushKind = 'fee' | 'event' | 'sms' | 'number-status' | 'unknown';
