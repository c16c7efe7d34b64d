// What the benchmark asks of every tool.

/** One X on one Beijing day. */
export const FILTER = {
  x: '+8617000000005',
  day: '2026-11-01',
  fromUtc: '2026-10-31 16:00:00',
  beforeUtc: '2026-11-01 16:00:00',
};

const JQ_TIME = 'def t: strptime("%Y-%m-%d %H:%M:%S") | mktime;';
/** Without `records` and the columns DuckDB looks for them itself, and takes 15 to 25 times as long; with a larger `maximum_object_size` twice as long. */
const DUCK_CALLS = (file, fields) =>
  `(SELECT unnest(feeLst) AS fee FROM read_json('${file}', format = 'newline_delimited', records = true,
    columns = {feeLst: 'STRUCT(${fields})[]'}))`;

/** The same by hand in Python, as one would write it. */
const PYTHON = (body, end) => `import sys, json, collections, datetime as dt
counts = collections.Counter(); seconds = collections.Counter()
for line in open(sys.argv[1], 'rb'):
    for fee in json.loads(line)['feeLst']:
        ${body}
${end}`;

/** The same in Miller, for each CDR of a push. */
const MILLER = (file, { output = '--ocsv', body, rest = [] }) => ['--ijsonl', output, 'put', '-q', body, ...rest, file];

/** Each task: what it is called, and the command line of each tool. */
export const TASKS = [
  {
    name: 'hours',
    says: 'calls and talk time by Beijing hour',
    python: PYTHON(
      `hour = (int(fee['callInTime'][11:13]) + 8) % 24; counts[hour] += 1
        if fee.get('fwdAnswerTime'): seconds[hour] += (dt.datetime.fromisoformat(fee['callEndTime']) - dt.datetime.fromisoformat(fee['fwdAnswerTime'])).seconds`,
      'for hour in sorted(counts): print(hour, counts[hour], seconds[hour], sep=",")',
    ),
    ours: (file) => ['cdr', 'stats', file, '--by', 'hour', '-o', 'csv', '--fields', 'hour,calls,talkMinutes'],
    jq: (file) => [
      '-rn',
      `${JQ_TIME} reduce (inputs | .feeLst[]) as $fee ({};
        ((($fee.callInTime[11:13] | tonumber) + 8) % 24 | tostring) as $hour
        | .[$hour].calls += 1
        | if ($fee.fwdAnswerTime // "") == "" then . else .[$hour].seconds += (($fee.callEndTime | t) - ($fee.fwdAnswerTime | t)) end)
        | to_entries[] | "\\(.key),\\(.value.calls),\\(.value.seconds)"`,
      file,
    ],
    miller: (file) =>
      MILLER(file, {
        body: `for (fee in $feeLst) {
          hour = int(strptime(fee["callInTime"], "%Y-%m-%d %H:%M:%S") // 3600 + 8) % 24;
          @calls[hour] += 1;
          if (is_not_empty(fee["fwdAnswerTime"])) {
            @seconds[hour] += strptime(fee["callEndTime"], "%Y-%m-%d %H:%M:%S") - strptime(fee["fwdAnswerTime"], "%Y-%m-%d %H:%M:%S");
          }
        } end { emit (@calls, @seconds), "hour" }`,
      }),
    duckdb: (file) =>
      `SELECT hour(CAST(fee.callInTime AS TIMESTAMP) + INTERVAL 8 HOUR) AS hour, count(*) AS calls,
       sum(date_diff('second', try_cast(fee.fwdAnswerTime AS TIMESTAMP), CAST(fee.callEndTime AS TIMESTAMP))) AS seconds
       FROM ${DUCK_CALLS(file, 'callInTime VARCHAR, fwdAnswerTime VARCHAR, callEndTime VARCHAR')} GROUP BY hour ORDER BY hour`,
    /** What must be the same from every tool, of a row: fields of CSV, or an object. Talk time is in minutes or seconds, and not compared. */
    answer: (row) => Object.values(row).slice(0, 2).map(Number).join(','),
  },
  {
    name: 'filter',
    says: 'the calls of one X on one Beijing day',
    python: PYTHON(
      `if fee['bindNum'] == '${FILTER.x}' and '${FILTER.fromUtc}' <= fee['callInTime'] < '${FILTER.beforeUtc}': print(json.dumps(fee))`,
      '',
    ),
    ours: (file) => ['cdr', 'list', file, '-x', FILTER.x, '--since', FILTER.day, '--until', FILTER.day, '-o', 'ndjson'],
    jq: (file) => [
      '-c',
      `.feeLst[] | select(.bindNum == "${FILTER.x}" and .callInTime >= "${FILTER.fromUtc}" and .callInTime < "${FILTER.beforeUtc}")`,
      file,
    ],
    miller: (file) =>
      MILLER(file, {
        output: '--ojsonl',
        body: `for (fee in $feeLst) {
          if (fee["bindNum"] == "${FILTER.x}" && fee["callInTime"] >= "${FILTER.fromUtc}" && fee["callInTime"] < "${FILTER.beforeUtc}") { emit fee }
        }`,
      }),
    duckdb: (file) =>
      `SELECT fee FROM ${DUCK_CALLS(file, 'icid VARCHAR, bindNum VARCHAR, sessionId VARCHAR, callerNum VARCHAR, fwdDstNum VARCHAR, callInTime VARCHAR')}
       WHERE fee.bindNum = '${FILTER.x}' AND fee.callInTime >= '${FILTER.fromUtc}' AND fee.callInTime < '${FILTER.beforeUtc}'`,
    answer: (row) => (row.raw ?? row.fee ?? row).icid,
  },
  {
    name: 'causes',
    says: 'the ten most frequent causes',
    python: PYTHON(
      `counts[fee['ulFailReason']] += 1`,
      'for cause, calls in counts.most_common(10): print(cause, calls, sep=",")',
    ),
    ours: (file) => ['cdr', 'stats', file, '--by', 'cause', '--top', '10', '-o', 'csv', '--fields', 'cause.code,calls'],
    jq: (file) => [
      '-rn',
      `reduce (inputs | .feeLst[]) as $fee ({}; .[$fee.ulFailReason | tostring] += 1)
        | to_entries | sort_by(-.value)[:10][] | "\\(.key),\\(.value)"`,
      file,
    ],
    miller: (file) =>
      MILLER(file, {
        body: 'for (fee in $feeLst) { @calls[fee["ulFailReason"]] += 1 } end { emit @calls, "cause" }',
        rest: ['then', 'sort', '-nr', 'calls', 'then', 'head', '-n', '10'],
      }),
    duckdb: (file) =>
      `SELECT fee.ulFailReason AS cause, count(*) AS calls FROM ${DUCK_CALLS(file, 'ulFailReason BIGINT')} GROUP BY cause ORDER BY calls DESC LIMIT 10`,
    answer: (row) => Object.values(row).map(Number).join(','),
  },
];
