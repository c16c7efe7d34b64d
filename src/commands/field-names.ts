/** A list of fields in a help text: `Finding: check, at, meaning {zh, en}, count (of calls); …`. */
const LIST = /(?:^|\s)[A-Z][A-Za-z]+: ([^;]*)/;

/**
 * The names of the fields that a help text lists, each once, with dots into objects: what a bare `--fields` shows and `--sort` takes. Words in round
 * brackets are notes.
 * @param output `output` of a command's help.
 * @returns an empty list when the text lists none.
 */
export function fieldNames(output: string): readonly string[] {
  const found = output.split('\n').flatMap((line) => {
    const list = LIST.exec(line.replace(/\([^)]*\)/g, ''))?.[1] ?? '';
    return [...list.matchAll(/([^,{}]+)(?:\{([^}]*)\})?/g)].flatMap(([, name = '', members]) =>
      withMembers(name, members),
    );
  });
  return [...new Set(found)];
}

function withMembers(name: string, members: string | undefined): string[] {
  const inner = (members ?? '').split(',').map((member) => member.trim());
  return name
    .split(' or ')
    .map((one) => one.trim())
    .filter((one) => /^[a-z]\w*$/i.test(one))
    .flatMap((one) => {
      const known = inner.filter((member) => /^[a-z]\w*$/.test(member));
      return known.length === 0 ? [one] : known.map((member) => `${one}.${member}`);
    });
}
