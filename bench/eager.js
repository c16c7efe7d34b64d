// What every start would cost if the packages of a command-line tool were loaded at once.
await Promise.all(['chalk', 'cli-table3', 'commander', 'got', 'inquirer', 'ora'].map((name) => import(name)));
