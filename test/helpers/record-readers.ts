/** Commands that read saved pushes as records: from files, or without any from the journal. */
export const RECORD_READERS: readonly (readonly string[])[] = [
  ['inspect'],
  ['cdr', 'list'],
  ['sms', 'list'],
  ['events', 'list'],
  ['cdr', 'stats'],
  ['audit'],
  ['recordings', 'list'],
];
