import type { CommandModule } from './command.js';

/** A command that does something, loaded when it is called. */
interface Leaf {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: CommandModule }>;
}

/** A noun with its verbs. */
interface Noun {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly Leaf[];
}

/** One entry of the tree. */
export type CommandNode = Leaf | Noun;

/** Whether `node` has verbs of its own. */
export function isNoun(node: CommandNode): node is Noun {
  return 'verbs' in node;
}

/** The commands by group, in the order help shows them. Summaries stand here so that help loads no command. */
export const COMMAND_TREE: readonly { readonly group: string; readonly nodes: readonly CommandNode[] }[] = [
  {
    group: 'Bindings',
    nodes: [
      { name: 'bind', summary: 'Bind real numbers to a privacy number', load: () => import('./bind.js') },
      { name: 'unbind', summary: 'Remove a binding, or every binding on an X', load: () => import('./unbind.js') },
      { name: 'update', summary: 'Change a binding', load: () => import('./update.js') },
      { name: 'query', summary: 'Ask the platform for bindings', load: () => import('./query.js') },
      { name: 'callee', summary: 'Set whom the next call of A reaches (AX)', load: () => import('./callee.js') },
      { name: 'hangup', summary: 'End a running call (legacy)', load: () => import('./hangup.js') },
      {
        name: 'bindings',
        summary: 'Bindings that this tool made or saw',
        verbs: [
          { name: 'list', summary: 'List bindings from the ledger', load: () => import('./bindings/list.js') },
          { name: 'show', summary: 'Show one binding and its history', load: () => import('./bindings/show.js') },
          {
            name: 'expiring',
            summary: 'List bindings that end soon',
            load: () => import('./bindings/expiring.js'),
          },
          {
            name: 'export',
            summary: 'Write bindings as CSV that bind --file takes',
            load: () => import('./bindings/export.js'),
          },
          {
            name: 'settle',
            summary: 'Settle requests whose answer was lost',
            load: () => import('./bindings/settle.js'),
          },
        ],
      },
      {
        name: 'jobs',
        summary: 'Runs over many rows',
        verbs: [
          { name: 'list', summary: 'List bulk jobs', load: () => import('./jobs/list.js') },
          { name: 'show', summary: 'Show a bulk job, or its rows', load: () => import('./jobs/show.js') },
          { name: 'resume', summary: 'Go on with a bulk job', load: () => import('./jobs/resume.js') },
          { name: 'prune', summary: 'Remove bulk jobs that have ended', load: () => import('./jobs/prune.js') },
        ],
      },
    ],
  },
  {
    group: 'Numbers',
    nodes: [
      {
        name: 'numbers',
        summary: 'Inventory of X numbers',
        verbs: [
          { name: 'list', summary: 'List X numbers and their bindings', load: () => import('./numbers/list.js') },
          {
            name: 'import',
            summary: 'Import the list that the console exports: CSV or XLSX',
            load: () => import('./numbers/import.js'),
          },
          { name: 'show', summary: 'Show one X number and its bindings', load: () => import('./numbers/show.js') },
          {
            name: 'refresh',
            summary: 'Ask the platform for the bindings on every X',
            load: () => import('./numbers/refresh.js'),
          },
          {
            name: 'unused',
            summary: 'List X numbers that nobody calls, before their fee is due',
            load: () => import('./numbers/unused.js'),
          },
          {
            name: 'export',
            summary: 'Write the inventory as CSV that numbers import takes',
            load: () => import('./numbers/export.js'),
          },
        ],
      },
    ],
  },
  {
    group: 'Recordings',
    nodes: [
      {
        name: 'recordings',
        summary: 'Call recordings, kept seven days by the platform',
        verbs: [
          {
            name: 'list',
            summary: 'List recorded calls and the state of their files',
            load: () => import('./recordings/list.js'),
          },
          {
            name: 'url',
            summary: 'Print the download address of recordings',
            load: () => import('./recordings/url.js'),
          },
          {
            name: 'download',
            summary: 'Download recordings that are not in the archive',
            load: () => import('./recordings/download.js'),
          },
          {
            name: 'verify',
            summary: 'Compare the archive with the files on the disk',
            load: () => import('./recordings/verify.js'),
          },
        ],
      },
    ],
  },
  {
    group: 'Records',
    nodes: [
      {
        name: 'inspect',
        summary: 'Show any saved CDR, SMS, event or number status',
        load: () => import('./inspect.js'),
      },
      {
        name: 'cdr',
        summary: 'Call detail records',
        verbs: [
          { name: 'list', summary: 'List calls', load: () => import('./cdr/list.js') },
          { name: 'show', summary: 'Show every field of a CDR, explained', load: () => import('./cdr/show.js') },
          { name: 'stats', summary: 'Count calls: table, charts, HTML page', load: () => import('./cdr/stats.js') },
        ],
      },
      {
        name: 'sms',
        summary: 'SMS notices',
        verbs: [{ name: 'list', summary: 'List SMS', load: () => import('./sms/list.js') }],
      },
      {
        name: 'events',
        summary: 'Call events',
        verbs: [
          { name: 'list', summary: 'List call events', load: () => import('./events/list.js') },
          { name: 'tail', summary: 'Follow pushes as they are received', load: () => import('./events/tail.js') },
          { name: 'export', summary: 'Save pushes of the journal as a file', load: () => import('./events/export.js') },
          {
            name: 'prune',
            summary: 'Remove or compress old days of the journal',
            load: () => import('./events/prune.js'),
          },
        ],
      },
      { name: 'timeline', summary: 'Why one call ended as it did', load: () => import('./timeline.js') },
      { name: 'audit', summary: 'Find what is missing or wrong, and what to do', load: () => import('./audit.js') },
      { name: 'explain', summary: 'Explain a code in plain words', load: () => import('./explain.js') },
    ],
  },
  {
    group: 'Delivery',
    nodes: [
      { name: 'listen', summary: 'Receive pushes and keep them', load: () => import('./listen.js') },
      {
        name: 'consumers',
        summary: 'Targets and hooks that pushes are handed on to',
        verbs: [
          {
            name: 'list',
            summary: 'List how far each has come',
            load: () => import('./consumers/list.js'),
          },
          {
            name: 'forget',
            summary: 'Let go one that is no longer used',
            load: () => import('./consumers/forget.js'),
          },
        ],
      },
      { name: 'replay', summary: 'Send saved pushes to a server again', load: () => import('./replay.js') },
      {
        name: 'answers',
        summary: 'Rules that answer pushes waiting for a decision',
        verbs: [{ name: 'test', summary: 'Check rules against saved pushes', load: () => import('./answers/test.js') }],
      },
      { name: 'wait', summary: 'Wait until a push is received, for scripts', load: () => import('./wait.js') },
    ],
  },
  {
    group: 'Sandbox',
    nodes: [
      {
        name: 'sandbox',
        summary: 'The platform, embedded: for trying and testing',
        verbs: [
          { name: 'start', summary: 'Serve the sandbox on a port', load: () => import('./sandbox/start.js') },
          { name: 'call', summary: 'Make a call; pushes events and CDR', load: () => import('./sandbox/call.js') },
          { name: 'sms', summary: 'Send a text; pushes the notice', load: () => import('./sandbox/sms.js') },
          { name: 'number', summary: 'Change the state of an X; pushes it', load: () => import('./sandbox/number.js') },
          { name: 'fault', summary: 'Make the platform slow, down or busy', load: () => import('./sandbox/fault.js') },
          {
            name: 'traffic',
            summary: 'Make calls at a steady rate, as load for a receiver',
            load: () => import('./sandbox/traffic.js'),
          },
          { name: 'clock', summary: 'Set or move the sandbox clock', load: () => import('./sandbox/clock.js') },
          { name: 'reset', summary: 'Start afresh', load: () => import('./sandbox/reset.js') },
        ],
      },
      { name: 'demo', summary: 'The whole way once, offline', load: () => import('./demo.js') },
    ],
  },
  {
    group: 'Setup',
    nodes: [
      { name: 'login', summary: 'Keep the key and secret of an application', load: () => import('./login.js') },
      { name: 'logout', summary: 'Forget the credentials of a profile', load: () => import('./logout.js') },
      {
        name: 'profiles',
        summary: 'Applications that this tool knows',
        verbs: [
          { name: 'list', summary: 'List profiles', load: () => import('./profiles/list.js') },
          {
            name: 'use',
            summary: 'Choose the profile for commands without -p',
            load: () => import('./profiles/use.js'),
          },
          { name: 'show', summary: 'Show a profile', load: () => import('./profiles/show.js') },
          {
            name: 'remove',
            summary: 'Forget a profile and its credentials',
            load: () => import('./profiles/remove.js'),
          },
        ],
      },
      {
        name: 'config',
        summary: 'Settings',
        verbs: [
          {
            name: 'list',
            summary: 'List settings, values and where they come from',
            load: () => import('./config/list.js'),
          },
          { name: 'get', summary: 'Print one setting', load: () => import('./config/get.js') },
          { name: 'set', summary: 'Keep a setting', load: () => import('./config/set.js') },
        ],
      },
      { name: 'doctor', summary: 'Check settings, clock, endpoint and credentials', load: () => import('./doctor.js') },
      { name: 'api', summary: 'Send a signed request of any kind', load: () => import('./api.js') },
      {
        name: 'completion',
        summary: 'Print a script that completes commands in your shell',
        load: () => import('./completion.js'),
      },
    ],
  },
];
