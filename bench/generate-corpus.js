// Writes a realistic corpus of pushes as JSON lines: notifications of 1 to 50 CDRs, 30 days, every mode, the platform's own compact form.
//   node bench/generate-corpus.js FILE [MEGABYTES=1000] [SEED=1]
// The same size and seed give the same bytes. Numbers are made up (+8613800……, +8617000……).
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const [file, megabytes = '1000', seed = '1'] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node bench/generate-corpus.js FILE [MEGABYTES] [SEED]');
  process.exit(2);
}

let state = Number(seed) >>> 0 || 1;
/** xorshift32: quick, and the same everywhere. From 0 to below `below`. */
function draw(below) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  state >>>= 0;
  return state % below;
}

const pad = (value, length) => String(value).padStart(length, '0');
const mobile = () => `+8613800${pad(draw(1_000_000), 6)}`;
/** A quarter of the calls goes over a tenth of the numbers, as with real fleets. */
const xNumber = () => `+8617000${pad(draw(4) === 0 ? draw(20) : draw(200), 6)}`;
const DAY = 86_400_000;
const START = Date.UTC(2026, 9, 23);
const time = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

const FAILURES = [
  [8101, 19, true],
  [8101, 19, true],
  [8102, 17, false],
  [8102, 17, false],
  [7503, 21, true],
  [7502, 0, true],
  [7502, 0, true],
  [7501, 0, false],
  [8014, 0, false],
  [8104, 20, false],
  [8103, 18, false],
  [8100, 1, false],
  [7506, 3, false],
  [8016, 0, false],
];
const MODES = ['004', '004', '004', '003', '003', '', '007'];
let serial = 0;

function fee(at) {
  serial += 1;
  const start = at - draw(600_000);
  const setUp = start + draw(3) * 1000;
  const ringing = setUp + (1 + draw(6)) * 1000;
  const answered = ringing + (2 + draw(20)) * 1000;
  const talk = Math.min(3600, 5 + Math.floor((draw(1000) * draw(1000)) / 3000));
  const failure = draw(100) < 62 ? undefined : FAILURES[draw(FAILURES.length)];
  const end = failure === undefined ? answered + talk * 1000 : failure[2] ? ringing + draw(45) * 1000 : setUp + 2000;
  const x = xNumber();
  const direction = failure?.[0] === 8014 ? 2 : draw(2);
  const service = MODES[draw(MODES.length)];
  const session = `1200_${1000 + draw(9000)}_${4294967295 - draw(1000)}_${time(start).replace(/\D/g, '')}${serial}@callenabler${draw(300)}.example.com`;
  const recorded = failure === undefined && draw(3) === 0;
  const binding =
    direction === 2 ? '' : `${pad(draw(1e8).toString(16), 8)}-7642-44b0-8e8b-${pad(draw(1e9).toString(16), 12)}`;
  return {
    direction,
    spId: 'sp-example',
    appKey: 'app-key-example',
    icid: `ba171f34e6953fcd751edc77127748f4.${serial}.${draw(1e9)}.${draw(20)}`,
    bindNum: x,
    sessionId: session,
    subscriptionId: binding,
    callerNum: mobile(),
    calleeNum: x,
    fwdDisplayNum: x,
    ...(direction === 2 ? {} : { fwdDstNum: mobile() }),
    callInTime: time(start),
    fwdStartTime: direction === 2 ? '' : time(setUp),
    fwdAlertingTime: failure === undefined || failure[2] ? time(ringing) : '',
    fwdAnswerTime: failure === undefined ? time(answered) : '',
    callEndTime: time(end),
    fwdUnaswRsn: failure?.[1] ?? 0,
    ...(failure === undefined ? {} : { failTime: time(end) }),
    ulFailReason: failure?.[0] ?? 0,
    sipStatusCode: failure === undefined ? 0 : 480,
    callOutUnaswRsn: 0,
    recordFlag: recorded ? 1 : 0,
    ...(recorded
      ? {
          recordStartTime: time(answered),
          recordDomain: 'recordings.example.com',
          recordBucketName: 'bucket',
          recordObjectName: `${session.slice(0, 40)}.wav`,
        }
      : {}),
    ttsPlayTimes: 0,
    ttsTransDuration: 0,
    mptyId: binding,
    ...(service === '' ? { extendNum: pad(draw(10_000), 4) } : { serviceType: service }),
    hostName: 'callenabler246.example.com',
    ...(draw(5) === 0 ? { userData: `order-${draw(1e6)}` } : {}),
  };
}

const out = createWriteStream(file);
const wanted = Number(megabytes) * 1_000_000;
let written = 0;
let at = START;
// So much of the month passes with each byte.
const pace = (30 * DAY) / wanted;
while (written < wanted) {
  const count = draw(3) === 0 ? 1 : 1 + draw(50);
  const line = `${JSON.stringify({ eventType: 'fee', feeLst: Array.from({ length: count }, () => fee(at)) })}\n`;
  written += line.length;
  at += line.length * pace;
  if (!out.write(line)) await once(out, 'drain');
}
out.end();
await once(out, 'finish');
console.log(`${file}: ${(written / 1e6).toFixed(0)} MB, ${serial} CDRs, seed ${seed}`);
