import { SETTINGS } from '../src/config.ts';

/** The reference page of the settings, made from the table that the server itself reads them by. */
export function settingsDocument(): string {
  const rows = SETTINGS.map(
    ({ name, flag, value, default: byDefault, meaning }) =>
      `| \`${name}\` | \`${flag} ${cell(value)}\` | ${cell(byDefault)} | ${cell(meaning)} |`,
  );
  return `# Settings

Every setting is a variable of the environment and an option of \`roster serve\`; the option counts when both are given.
A setting that is unknown or wrong stops the start, with a line that says which and why. The other commands read
the same variables, and take \`--data-dir\`.

| Variable | Option of \`serve\` | Default | Meaning |
|---|---|---|---|
${rows.join('\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
