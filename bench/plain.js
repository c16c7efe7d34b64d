// The three tasks of the benchmark as one would write them in Node by hand: readline and JSON.parse, no checks, no repeats left out.
//   node bench/plain.js hours|filter|causes FILE
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { FILTER } from './tasks.js';

const [task, file] = process.argv.slice(2);
const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
const time = (text) => Date.parse(`${text.replace(' ', 'T')}Z`);

async function hours() {
  const hours = new Map();
  for await (const line of lines) {
    for (const fee of JSON.parse(line).feeLst) {
      const hour = (Number(fee.callInTime.slice(11, 13)) + 8) % 24;
      let group = hours.get(hour);
      if (group === undefined) hours.set(hour, (group = { calls: 0, seconds: 0 }));
      group.calls += 1;
      if (fee.fwdAnswerTime) group.seconds += (time(fee.callEndTime) - time(fee.fwdAnswerTime)) / 1000;
    }
  }
  for (const [hour, { calls, seconds }] of [...hours].sort(([one], [other]) => one - other)) {
    console.log(`${hour},${calls},${seconds}`);
  }
}

async function filter() {
  for await (const line of lines) {
    for (const fee of JSON.parse(line).feeLst) {
      if (fee.bindNum === FILTER.x && fee.callInTime >= FILTER.fromUtc && fee.callInTime < FILTER.beforeUtc) {
        console.log(JSON.stringify(fee));
      }
    }
  }
}

async function causes() {
  const causes = new Map();
  for await (const line of lines) {
    for (const { ulFailReason } of JSON.parse(line).feeLst) {
      causes.set(ulFailReason, (causes.get(ulFailReason) ?? 0) + 1);
    }
  }
  for (const [cause, calls] of [...causes].sort(([, one], [, other]) => other - one).slice(0, 10)) {
    console.log(`${cause},${calls}`);
  }
}

await { hours, filter, causes }[task]();
