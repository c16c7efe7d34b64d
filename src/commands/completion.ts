import { Argument } from 'commander';
import { completionScript, SHELLS, type Shell } from './completion-script.js';
import { defineCommand, type NoOptions } from './command.js';

export const command = defineCommand<NoOptions, [Shell]>({
  help: {
    purpose:
      'Print a script that completes commands, flags, their fixed values and profiles in your shell. For bash: source it from ~/.bashrc; for zsh: the same from ~/.zshrc, behind compinit; for fish: save it as ~/.config/fish/completions/privacy-call.fish. Make it anew after an update.',
    examples: [
      { says: 'for this shell', line: 'source <(privacy-call completion bash)' },
      { says: 'as a file', line: 'privacy-call completion bash > privacy-call.bash' },
    ],
    output: 'the script',
    exits: [],
  },
  define: (target) => {
    target.addArgument(new Argument('<shell>', 'which shell').choices([...SHELLS]));
  },
  async run(_options, context, shell) {
    return { view: 'text', text: completionScript(shell, await context.commands()) };
  },
});
