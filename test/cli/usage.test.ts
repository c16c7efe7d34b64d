import { describe, expect, it } from 'vitest';
import { openWorld } from '../helpers/world.js';

/** What is said of a command line that cannot be: the sentence, the hint, the code. */
const REFUSED: readonly (readonly [line: string, code: string, message: string, hint: string])[] = [
  [
    '-v',
    'flag-missing',
    'a command is missing',
    'privacy-call --help lists all commands; privacy-call --version prints the version.',
  ],
  [
    '-p sandbox',
    'flag-missing',
    'a command is missing',
    'privacy-call --help lists all commands; privacy-call --version prints the version.',
  ],
  [
    'bnd',
    'command-unknown',
    'privacy-call has no command "bnd"',
    'Did you mean bind? privacy-call --help lists all commands.',
  ],
  [
    'cdr lst',
    'command-unknown',
    'privacy-call cdr has no command "lst"',
    'Did you mean list? privacy-call cdr --help lists its commands.',
  ],
  [
    'bind --modde axb',
    'flag-unknown',
    'privacy-call bind has no flag --modde',
    'Did you mean --mode? privacy-call bind --help shows its flags and examples.',
  ],
  [
    'cdr list --dry-rum=a-secret',
    'flag-unknown',
    'privacy-call cdr list has no flag --dry-rum',
    'privacy-call cdr list --help shows its flags and examples.',
  ],
  [
    'explain 8014 --quiet=yes',
    'flag-unknown',
    '--quiet takes no value',
    'privacy-call explain --help shows its flags and examples.',
  ],
  [
    'explain',
    'flag-missing',
    '<code-or-words> is missing: a code, or words to search for',
    'privacy-call explain --help shows its flags and examples.',
  ],
  [
    'unbind --id',
    'flag-missing',
    '--id needs a value: binding ID',
    'privacy-call unbind --help shows its flags and examples.',
  ],
  [
    'explain 8014 -p',
    'flag-missing',
    '--profile needs a value: application to work with; `sandbox` always exists',
    'privacy-call --help lists the flags of every command.',
  ],
  [
    'events tail --kind foo',
    'flag-invalid',
    '--kind foo: must be cdr, fee, event, sms or number-status',
    'privacy-call events tail --help shows its flags and examples.',
  ],
  [
    'completion fsh',
    'flag-invalid',
    'fsh: must be bash, zsh or fish',
    'privacy-call completion --help shows its flags and examples.',
  ],
  ...['import', 'sync'].map(
    (word) =>
      [
        `bindings ${word} rows.csv`,
        'command-unknown',
        `privacy-call bindings has no command "${word}"`,
        'privacy-call numbers refresh brings what the platform has into the ledger, privacy-call query -x <number> --all --adopt that of one X; privacy-call bind --file makes bindings of a CSV.',
      ] as const,
  ),
  [
    'bindings list one two',
    'flag-invalid',
    'privacy-call bindings list takes no argument, and 2 were given',
    'privacy-call bindings list --help shows its flags and examples.',
  ],
  [
    'hangup one two',
    'flag-invalid',
    'privacy-call hangup takes 1 argument, and 2 were given',
    'privacy-call hangup --help shows its flags and examples.',
  ],
  [
    'replay calls.json',
    'flag-missing',
    '--to is missing: the server to send to',
    'privacy-call replay --help shows its flags and examples.',
  ],
  [
    'explain 8014 --tz Nowhere',
    'flag-invalid',
    '--tz must be a time zone such as Asia/Shanghai, Europe/Berlin or UTC',
    'privacy-call --help lists the flags of every command.',
  ],
  [
    'sandbox number 17000000201 --status 99',
    'flag-invalid',
    '--status 99: must be 5, 9, 10 or 11',
    'privacy-call sandbox number --help shows its flags and examples.',
  ],
  [
    'sandbox number 17000000201 --status 10 --cause 4',
    'flag-invalid',
    '--cause 4: must be 1, 2, 3, 5, 6, 7, 8 or 9',
    'privacy-call sandbox number --help shows its flags and examples.',
  ],
  [
    'sandbox number 17000000201 --status 5 --cause 3',
    'flag-conflict',
    '--cause goes with --status 10 only, not with --status 5',
    'privacy-call sandbox number --help shows its flags and examples.',
  ],
  [
    'sandbox fault slow --status 500',
    'flag-conflict',
    '--status needs 5xx, 5xx-after or redirect',
    'privacy-call sandbox fault --help shows its flags and examples.',
  ],
  [
    'sandbox fault 5xx --delay 2s',
    'flag-conflict',
    '--delay needs slow, stall or drip',
    'privacy-call sandbox fault --help shows its flags and examples.',
  ],
  [
    'sandbox fault clear --count 2',
    'flag-conflict',
    '--count needs a fault such as slow; clear takes all of them away',
    'privacy-call sandbox fault --help shows its flags and examples.',
  ],
  [
    'sandbox fault --share 0.5',
    'flag-conflict',
    '--share needs a fault such as slow',
    'privacy-call sandbox fault --help shows its flags and examples.',
  ],
  [
    '-p sandbox recordings download --dir=',
    'flag-invalid',
    '--dir must not be empty',
    'A variable that is not set leaves nothing between its quotes.',
  ],
  [
    '-p sandbox recordings verify --dir=',
    'flag-invalid',
    '--dir must not be empty',
    'A variable that is not set leaves nothing between its quotes.',
  ],
  [
    'cdr stats --file x.json',
    'flag-unknown',
    'privacy-call cdr stats has no flag --file',
    'It is a word of the command, without a flag: privacy-call cdr stats x.json',
  ],
  [
    'timeline s-1 --input=calls/',
    'flag-unknown',
    'privacy-call timeline has no flag --input',
    'It is a word of the command, without a flag: privacy-call timeline <session> calls/',
  ],
  [
    'bindings show --id',
    'flag-unknown',
    'privacy-call bindings show has no flag --id',
    'It is a word of the command, without a flag: privacy-call bindings show <id>',
  ],
  [
    'events export --out kept.ndjson',
    'flag-unknown',
    'privacy-call events export has no flag --out',
    'It is a word of the command, without a flag: privacy-call events export kept.ndjson',
  ],
  [
    'cdr list -calls.json',
    'flag-unknown',
    'privacy-call cdr list has no flag -calls.json',
    'If it is a file: ./-calls.json, or -- before it.',
  ],
  [
    'bind rows.csv',
    'flag-invalid',
    'privacy-call bind takes no argument, and 1 was given',
    'A file is named by --file: privacy-call bind --file rows.csv',
  ],
  [
    'cdr list --session=',
    'flag-invalid',
    '--session must not be empty',
    'A variable that is not set leaves nothing between its quotes.',
  ],
  // Of a flag that may come again, each time.
  [
    'listen --forward-to http://127.0.0.1:1/ --forward-to=',
    'flag-invalid',
    '--forward-to must not be empty',
    'A variable that is not set leaves nothing between its quotes.',
  ],
  [
    'jobs show ',
    'flag-invalid',
    '<id> must not be empty',
    'A variable that is not set leaves nothing between its quotes.',
  ],
  [
    'explain ',
    'flag-invalid',
    '<code-or-words> must not be empty',
    'privacy-call explain --help shows its flags and examples.',
  ],
  [
    'sandbox clock --set tomorrow',
    'flag-invalid',
    '--set tomorrow: not a time',
    'Write "2026-11-22 08:00", 2026-11-22T00:00:00Z, or 24h for so long ago; --advance 2h moves the clock on.',
  ],
];

describe('a command line that cannot be', () => {
  it.each(REFUSED)('%s', async (line, code, message, hint) => {
    const world = await openWorld();
    const refused = await world.run(line.split(' '), { env: { PRIVACY_CALL_OUTPUT: 'json' } });
    expect(refused.code).toBe(2);
    expect(refused.error).toEqual({ code, exitCode: 2, message, hint });
  });

  it('is a sentence and a hint, without a stack also with -v', async () => {
    const world = await openWorld();
    expect((await world.cli('-v')).stderr).toBe(
      'error: a command is missing\n' +
        'hint:  privacy-call --help lists all commands; privacy-call --version prints the version.\n',
    );
  });

  it.each(['help bnd', 'bnd --help', 'help cdr lst', 'cdr lst --help', 'help bnd bind'])(
    'has no help: %s',
    async (line) => {
      const world = await openWorld();
      const refused = await world.cli(...line.split(' '));
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toMatch(/^error: privacy-call (cdr )?has no command "(bnd|lst)"\nhint: {2}Did you mean/);
    },
  );

  it('does not hide what help there is', async () => {
    const world = await openWorld();
    expect((await world.cli('help', 'help')).stdout).toBe((await world.cli('--help')).stdout);
    expect((await world.cli('-p', 'sandbox', '--help')).code).toBe(0);
    expect((await world.cli('cdr', '-p', 'sandbox', '--help')).code).toBe(0);
  });
});
