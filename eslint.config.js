import tseslint from 'typescript-eslint';

const outsideWorld = [
  { name: 'process', message: 'Only src/main.ts touches the process; take it from the context.' },
  { name: 'console', message: 'Write to context.stdout or context.stderr.' },
  { name: 'fetch', message: 'Requests leave through the transport of src/platform.' },
];

export default tseslint.config(
  { ignores: ['dist/', 'bundle/', 'node_modules/', 'coverage/', 'test/fixtures/', '.report/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'vitest.config.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-params': ['error', 4],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts', 'src/start.ts'],
    rules: {
      'no-restricted-globals': ['error', ...outsideWorld],
      'no-restricted-imports': ['error', { paths: [{ name: 'node:process', message: outsideWorld[0].message }] }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Use context.now().',
        },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Use context.now().' },
        {
          selector: 'CallExpression[callee.property.name=/^(push|unshift)$/] > SpreadElement',
          message: 'Add one by one: every item is an argument here, and some hundred thousand overflow the stack.',
        },
        { selector: 'TSEnumDeclaration', message: 'Use an as const object.' },
        { selector: 'ExportAllDeclaration', message: 'No barrel files.' },
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='vi'][callee.property.name='mock']",
          message: 'A module mock means a missing port.',
        },
      ],
    },
  },
);
