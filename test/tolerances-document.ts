import { TOLERANCE_NAMES, TOLERANCES } from '../src/core/tolerance.ts';

/** The reference page of the tolerances, made from the table that the engine itself asks. */
export function tolerancesDocument(): string {
  const rows = TOLERANCE_NAMES.map((name) => {
    const { provider, source, accepts } = TOLERANCES[name];
    return `| \`${name}\` | ${cell(accepts)} | ${cell(provider)} | ${cell(source)} |`;
  });
  return `# Tolerances

What Roster accepts beyond the RFCs, because identity providers send it. In the dialect \`standard\` all of them are on, in
\`strict\` none. Each can be switched for one integration, and the switch counts from its next request on:

\`\`\`sh
roster integration update "Entra ID" --refuse unquoted-filter-value
roster integration update Scripts --dialect strict --accept operation-name-case
roster integration update Scripts --by-dialect operation-name-case
\`\`\`

\`roster integration show\` says what makes an integration differ from its dialect. The log line of a request names the
tolerances that it needed, under \`tolerances\`: so you see what can be switched off.

| Name | What is accepted | Who sends it | Known from |
|---|---|---|---|
${rows.join('\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
