import type { CommandFacts, FlagFacts } from './command-facts.js';

/** Shells that a script can be written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Flags whose values the program itself knows: asked for when they are completed. */
const PROFILE_FLAGS = ['-p', '--profile'];
const ASK_PROFILES = 'privacy-call profiles list -o ndjson --query name 2>/dev/null';

/**
 * A script that completes commands, flags and their fixed values; profiles are asked for, files are completed by the shell.
 * @param commands the program first, see `describeCommands`.
 */
export function completionScript(shell: Shell, commands: readonly CommandFacts[]): string {
  if (shell === 'fish') return fishScript(commands);
  const bash = bashScript(commands);
  return shell === 'bash' ? bash : `#compdef privacy-call\nautoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function bashScript(commands: readonly CommandFacts[]): string {
  const [program, ...rest] = commands;
  const global = program?.flags ?? [];
  const place = ({ path }: CommandFacts): string => `"${path.join(' ')}"`;
  const tables = rest.map((facts) => {
    const { follows, flags } = facts;
    const parts = [
      `follows="${follows.join(' ')}"`,
      `flags="${namesOf(flags)}"`,
      `valued="${namesOf(flags.filter(isFree))}"`,
    ];
    return `    ${place(facts)}) ${parts.join(' ')} ;;`;
  });
  const fixed = commands.flatMap((facts) =>
    facts.flags
      .filter(({ choices }) => choices.length > 0)
      .map(({ names, choices }) => {
        const before = facts.path.length === 0 ? '*' : place(facts);
        return `    ${names.map((name) => `${before}" ${name}"`).join('|')}) words="${choices.join(' ')}" ;;`;
      }),
  );
  return `_privacy_call() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" words="" word
  local follows="${program?.follows.join(' ') ?? ''}" flags="" valued=""
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
    ${rest.map(place).join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${tables.join('\n')}
  esac
  case "$path $prev" in
    ${PROFILE_FLAGS.map((name) => `*" ${name}"`).join('|')}) words="$(${ASK_PROFILES})" ;;
${fixed.join('\n')}
    *)
      case " $valued ${namesOf(global.filter(isFree))} " in *" $prev "*) return ;; esac
      words="$follows"
      case "$cur" in -*) words="$flags ${namesOf(global)}" ;; esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _privacy_call privacy-call
`;
}

/** Takes a value that only the user knows: a file, a number, a time. */
function isFree({ takesValue, choices, names }: FlagFacts): boolean {
  return takesValue && choices.length === 0 && !isProfile(names);
}

function fishScript(commands: readonly CommandFacts[]): string {
  const [program, ...rest] = commands;
  const top = rest.filter(({ path }) => path.length === 1);
  const lines = ['complete -c privacy-call -f -n "__fish_use_subcommand"'];
  for (const { path, says } of rest) {
    const [noun = '', verb] = path;
    const where = verb === undefined ? '__fish_use_subcommand' : under(noun, top, rest);
    lines.push(`complete -c privacy-call -n ${quoted(where)} -f -a ${verb ?? noun} -d ${quoted(says)}`);
  }
  for (const { path, flags } of [{ path: [], flags: program?.flags ?? [] }, ...rest]) {
    const [noun, verb] = path;
    const seen = [noun, verb].filter((word) => word !== undefined);
    const where = seen.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    for (const flag of flags) lines.push(fishFlag(flag, where));
  }
  return `${lines.join('\n')}\n`;
}

/** Where the verbs of `noun` are expected: behind it, before one of them. */
function under(noun: string, top: readonly CommandFacts[], all: readonly CommandFacts[]): string {
  const verbs = top.find(({ path }) => path[0] === noun)?.follows ?? [];
  const known = verbs.filter((verb) => all.some(({ path }) => path[0] === noun && path[1] === verb));
  return `__fish_seen_subcommand_from ${noun}; and not __fish_seen_subcommand_from ${known.join(' ')}`;
}

function fishFlag({ names, takesValue, choices, says }: FlagFacts, where: string): string {
  const parts = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const place = where === '' ? '' : ` -n ${quoted(where)}`;
  const value = isProfile(names)
    ? ` -x -a ${quoted(`(${ASK_PROFILES})`)}`
    : choices.length > 0
      ? ` -x -a ${quoted(choices.join(' '))}`
      : takesValue
        ? ' -r'
        : '';
  return `complete -c privacy-call${place} ${parts.join(' ')}${value} -d ${quoted(says)}`;
}

function isProfile(names: readonly string[]): boolean {
  return names.some((name) => PROFILE_FLAGS.includes(name));
}

function namesOf(flags: readonly FlagFacts[]): string {
  return flags.flatMap(({ names }) => names).join(' ');
}

function quoted(text: string): string {
  return `'${text.replace(/\s+/g, ' ').replace(/[\\']/g, '\\$&')}'`;
}
