/** A quick generator of numbers: the same seed gives the same lines. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Draw = (below: number) => number;

const pick = <T>(draw: Draw, choices: readonly T[]): T => choices[draw(choices.length)]!;
const two = (value: number): string => String(value).padStart(2, '0');

const TIMES = [
  '"2026-11-22  00:00:00"',
  '"2026-11-22T00:00:00Z"',
  '"2026-11-22 00:00:00.123"',
  '"2026-02-30 00:00:00"',
  '"2024-02-29 23:59:59"',
  '"2023-02-29 23:59:59"',
  '"2026-11-22 24:00:00"',
  '"2026-11-22 00:60:00"',
  '"2026-11-22 00:00:60"',
  '"2026-13-22 00:00:00"',
  '"2026-11-31 00:00:00"',
  '"2026-11-22 25:00:00"',
  '"2026/11-22 00:00:00"',
  '"2026-11-22_00:00:00"',
  '"1969-12-31 23:59:59"',
  '"2038-01-19 03:14:08"',
  '"2026-1-2 00:00:00"',
  '" 2026-11-22 00:00:00"',
  '"2026-11-22 00:00:0:"',
  '"2026-11-22 0a:00:00"',
  '"2026-11-22 00:00:00+0800"',
  '""',
  'null',
  '0',
  '1763769600000',
  'true',
  '[]',
];
const CODES = [
  '0',
  '8014',
  '"8014"',
  '"08014"',
  '"8014.0"',
  '""',
  'null',
  '-1',
  '1e3',
  '1.5',
  '"x"',
  '0.0',
  '9007199254740993',
  'false',
  '01',
];
const TEXTS = [
  '"+8613800000001"',
  '""',
  '" +8613800000001"',
  '"+8613800000001 "',
  '"订单 7"',
  '"\\u8ba2"',
  '"a\\"b"',
  '"tab\\t"',
  '8613800000001',
  'null',
  '"😀"',
  '"\\ud83d"',
  '{}',
  '{"a":1}',
  '"'.concat('x'.repeat(40), '"'),
  '"a\u007fb"',
  '"constructor"',
];
const KEYS = [
  'unknown',
  'callInTime',
  'eventType',
  'feeLst',
  '__proto__',
  'constructor',
  'ext\\u0061',
  '键',
  'callintime',
  '',
  'v',
  'extendNum',
  'icid',
  'notifyMode',
];
/** Fields that nobody asks for and that are mostly the same, with values that are easily taken for one another; the names of two begin and end alike. */
const CONSTANTS: Readonly<Record<string, readonly string[]>> = {
  ttsPlayTimes: ['0', '10', '1', '105', '1.5', 'null', 'true', '"0"', '""'],
  spId: ['"sp-example"', '"sp-exampl"', '"sp-example-"', '"sp example"', '"sp-exämple"', '"sp-\\u0065xample"'],
  hostName: [13, 14, 15, 16, 28, 29, 30, 31, 32, 33, 47, 48, 49].map(
    (length) => `"${'callenabler'.padEnd(length, '2')}"`,
  ),
  region: [
    '"一二三四五六七八"',
    '"1一二三四五六七八"',
    '"12一二三四五六七八"',
    '"abcdefghij klmnop 订单"',
    '"abcdefghijklmno订单"',
  ],
  aFieldWithANameOfMoreThanThirtyTwo1Characters: ['0', '"x"'],
  aFieldWithANameOfMoreThanThirtyTwo2Characters: ['0', '"x"'],
  aFieldOfThirtyTwoWithItsQuote: ['0', '"x"'],
};
const SHAPES: readonly (readonly string[])[] = [
  [
    'direction',
    'icid',
    'bindNum',
    'sessionId',
    'subscriptionId',
    'callerNum',
    'calleeNum',
    'fwdDstNum',
    'callInTime',
    'fwdAlertingTime',
    'fwdAnswerTime',
    'callEndTime',
    'ulFailReason',
    'fwdUnaswRsn',
    'recordFlag',
    'serviceType',
  ],
  [
    'icid',
    'sessionId',
    'direction',
    'bindNum',
    'callInTime',
    'callEndTime',
    'failTime',
    'ulFailReason',
    'fwdUnaswRsn',
    'extendNum',
    'userData',
  ],
  [
    'sessionId',
    'calleeNum',
    'callInTime',
    'fwdStartTime',
    'fwdAlertingTime',
    'callEndTime',
    'notifyMode',
    'areaCode',
    'subscriptionId',
    'ulFailReason',
  ],
  // Told apart by little but whether there is a binding, and how the call ended.
  ['sessionId', 'bindNum', 'fwdAnswerTime', 'failTime', 'areaCode', 'ulFailReason'],
  ['sessionId', 'bindNum', 'fwdAnswerTime', 'failTime', 'areaCode', 'ulFailReason', 'subscriptionId'],
];

function usual(draw: Draw, name: string): string {
  const known = CONSTANTS[name];
  if (known !== undefined) return draw(5) === 0 ? pick(draw, known) : (known[0] ?? '0');
  if (name.endsWith('Time')) {
    return draw(6) === 0
      ? '""'
      : `"2026-${two(1 + draw(12))}-${two(1 + draw(28))} ${two(draw(24))}:${two(draw(60))}:${two(draw(60))}"`;
  }
  if (/Reason|Rsn/.test(name))
    return draw(3) === 0 ? '0' : String(pick(draw, [8014, 8101, 8102, 7502, 19, 17, 999999]));
  if (name === 'direction' || name === 'recordFlag')
    return draw(4) === 0 ? `"${draw(3)}"` : String(draw(name === 'direction' ? 4 : 2));
  if (name === 'serviceType') return pick(draw, ['"003"', '"004"', '"007"', '"4"', '""', '"0004"', '4']);
  if (name === 'notifyMode') return pick(draw, ['"Block"', '""', '"Notify"', '"block"']);
  if (name === 'icid' || name === 'sessionId') return draw(10) === 0 ? '""' : `"id-${draw(500)}"`;
  if (name === 'subscriptionId') return draw(3) === 0 ? '""' : '"ba171f34-0001"';
  if (name === 'areaCode') return pick(draw, ['"0755"', '"010"', '""', '21', '"12345678"', '"123456789"', '"深圳"']);
  if (name === 'bindNum' && draw(20) === 0) return pick(draw, ['"+8617000000001234"', '"+86170000000012345"', '"0"']);
  if (name === 'extendNum') return pick(draw, ['"0012"', '""', '12']);
  return draw(4) === 0 ? '""' : `"+86138000000${two(draw(100))}"`;
}

function oddValue(draw: Draw, name: string): string {
  if (name.endsWith('Time')) return pick(draw, TIMES);
  return draw(2) === 0 ? pick(draw, CODES) : pick(draw, TEXTS);
}

/** One CDR as JSON text: mostly usual, now and then odd. */
function fee(draw: Draw, odds: number): string {
  const names = [...pick(draw, SHAPES)];
  if (draw(odds) === 0) names.push(pick(draw, KEYS));
  if (draw(2) === 0) {
    const constants = Object.keys(CONSTANTS);
    const from = draw(constants.length);
    // The scanner does not learn every order of the fields.
    names.splice(from, 0, ...constants.slice(from, from + 2));
  }
  if (draw(odds) === 0) names.splice(draw(names.length), 1);
  if (draw(odds) === 0) names.reverse();
  const blank = draw(odds) === 0 ? ' ' : '';
  const members = names.map(
    (name) => `"${name}":${blank}${draw(odds * 8) === 0 ? oddValue(draw, name) : usual(draw, name)}`,
  );
  return `{${members.join(`,${blank}`)}}`;
}

const EVENT =
  '{"eventType":"callin","statusInfo":{"sessionId":"s-1","timestamp":"2026-11-22 00:00:00","caller":"+8613800000001","called":"+8613800000022"}}';
const AROUND = [
  '',
  ' ',
  '\t',
  '2026-11-22 08:00:00 INFO body=',
  '[',
  ']',
  '{',
  '}',
  '"',
  ',',
  'POST /fee HTTP/1.1',
  '\uFEFF',
];

/** Lines in every form: pushes, bare lists, single CDRs, journal lines, log lines, pretty-printed values, damage. */
export function makeLines(draw: Draw, count: number, odds = 12): Buffer {
  const lines: Buffer[] = [];
  for (let index = 0; index < count; index++) lines.push(line(draw, odds));
  if (draw(8) === 0) lines.unshift(Buffer.from('\uFEFF'));
  const all = Buffer.concat(lines);
  return draw(4) === 0 ? all.subarray(0, -1) : all;
}

function line(draw: Draw, odds: number): Buffer {
  const fees = Array.from({ length: 1 + draw(4) }, () => fee(draw, odds));
  let text = '';
  switch (draw(odds)) {
    case 0:
      text = fee(draw, odds);
      break;
    case 1:
      text = `{"feeLst":[${fees.join(',')}]}`;
      break;
    case 2:
      text = pick(draw, [
        EVENT,
        `[${fees.join(',')}]`,
        `{"feeLst":[]}`,
        '{}',
        '[]',
        '',
        '  ',
        '{"eventType":"fee","feeLst":[{}]}',
      ]);
      break;
    case 3:
      text = `{"v":1,"seq":${index(draw)},"at":"2026-11-22T08:00:00.123Z","kind":"fee","body":{"eventType":"fee","feeLst":[${fees.join(',')}]}}`;
      break;
    case 4:
      text = pretty(draw, fees);
      break;
    case 5:
      text = `${pick(draw, AROUND)}{"eventType":"fee","feeLst":[${fees.join(',')}]}${pick(draw, AROUND)}`;
      break;
    case 6:
      // One push behind the other, elements and all, as members of a larger value.
      text = `[\n{"eventType":"fee","feeLst":[${fees.join(',')}]},\n{"eventType":"fee","feeLst":[${fees[0]!}]}\n]`;
      break;
    default:
      text = `{"eventType":"fee","feeLst":[${fees.join(',')}]}`;
  }
  const end = draw(10) === 0 ? '\r\n' : '\n';
  const bytes = Buffer.from(text + end);
  return draw(odds) === 0 ? damaged(draw, bytes) : bytes;
}

const index = (draw: Draw): number => draw(1000);

function pretty(draw: Draw, fees: readonly string[]): string {
  const text = `{"eventType":"fee","feeLst":[${fees.join(',')}]}`;
  try {
    return JSON.stringify(JSON.parse(text), null, pick(draw, [1, 2, '\t']));
  } catch {
    return text;
  }
}

function damaged(draw: Draw, bytes: Buffer): Buffer {
  const at = draw(Math.max(1, bytes.length));
  switch (draw(4)) {
    case 0:
      bytes[at] = draw(256);
      return bytes;
    case 1:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from('\n')]);
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from([pick(draw, [0x22, 0x5c, 0x7b, 0x2c, 0x00, 0xc3, 0xe4, 0x80, 0xff, 0x0a])]),
        bytes.subarray(at),
      ]);
    default:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + draw(20))]);
  }
}
