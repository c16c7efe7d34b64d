const names = (text: string): readonly string[] => text.split(' ');

const LEDGER_BINDING = names(
  'subscriptionId mode a b x y extension direction recording sms userData createdAt expiresAt subscribeTime',
);

/** JSON fields of each kind of record, with dots into objects: what `--fields` and `--sort` take. */
export const FIELD_NAMES = {
  binding: [...LEDGER_BINDING, 'raw'],
  ledgerBinding: LEDGER_BINDING,
  call: names(
    'sessionId icid mode direction caller callee x y extension subscriptionId startedAt ringingAt answeredAt endedAt ringSeconds talkSeconds billedMinutes outcome cause.source cause.code cause.zh cause.en recording.fileName recording.domain recording.url recording.startedAt userData raw',
  ),
  sms: names(
    'smsId notificationMode caller x callee subscriptionId at content result.source result.code result.zh result.en userData raw',
  ),
  event: names(
    'type sessionId at caller callee subscriptionId digits cause.source cause.code cause.zh cause.en userData raw',
  ),
  status: names('x status.code status.zh status.en cause.code cause.zh cause.en at raw'),
} as const;

/** The same as a line of help: `CallEvent: type, at, cause {source, code}`. Made when it is asked for, as most runs show no help. */
export const FIELD_LISTS = {
  get binding() {
    return `Binding: ${withNotes(listFields(FIELD_NAMES.binding))}`;
  },
  /** As the ledger keeps it: without the answer of the platform. */
  get ledgerBinding() {
    return `Binding: ${withNotes(listFields(FIELD_NAMES.ledgerBinding))}`;
  },
  get call() {
    return `CallRecord: ${listFields(FIELD_NAMES.call)}`;
  },
  get sms() {
    return `Sms: ${listFields(FIELD_NAMES.sms)}`;
  },
  get event() {
    return `CallEvent: ${listFields(FIELD_NAMES.event)}`;
  },
  get status() {
    return `NumberStatus: ${listFields(FIELD_NAMES.status)}`;
  },
};

function withNotes(fields: string): string {
  return fields
    .replace('expiresAt', 'expiresAt (null = never)')
    .replace('subscribeTime', "subscribeTime (the platform's own text)");
}

function listFields(fields: readonly string[]): string {
  const members = new Map<string, string[]>();
  for (const field of fields) {
    const [name = '', member] = field.split('.');
    members.set(name, [...(members.get(name) ?? []), ...(member === undefined ? [] : [member])]);
  }
  return [...members].map(([name, inner]) => (inner.length === 0 ? name : `${name} {${inner.join(', ')}}`)).join(', ');
}
