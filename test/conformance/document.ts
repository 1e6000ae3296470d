import { LEVELS, type Requirement, type Rfc } from './requirement.ts';
import type { TestTitle } from './test-titles.ts';

/** The conformance page, made from the requirements and the titles of the tests that show them. */
export function conformanceDocument(rfcs: readonly Rfc[], titles: readonly TestTitle[]): string {
  return `# Conformance

What RFC 7643, RFC 7644 and RFC 9865 ask of a service provider, and the tests in \`test/conformance/\` that show it.
\`npm test -- test/conformance/document.test.ts --update\` writes this page; \`npm test\` fails when it is not up to date.

SHALL and REQUIRED count as MUST, RECOMMENDED as SHOULD, OPTIONAL as MAY. What is asked of clients only is left out. An option (MAY)
that is not used counts as not followed. The integrations of these tests use the \`strict\` dialect; what \`standard\` accepts
beyond it is in [tolerances](reference/tolerances.md).
${rfcs.map((rfc) => chapter(rfc, titles)).join('')}`;
}

/** 3.10 comes behind 3.9. */
const bySectionNumber = new Intl.Collator('en', { numeric: true });

function chapter({ number, title, sections, requirements }: Rfc, titles: readonly TestTitle[]): string {
  const inOrder = Object.entries(sections).toSorted(([a], [b]) => bySectionNumber.compare(a, b));
  const tables = inOrder.map(([section, heading]) => {
    const rows = requirements
      .filter((requirement) => requirement.section === section)
      .map((requirement) => row(requirement, titles));
    return `
### ${section} ${heading}

| Id | Level | The service provider | Shown by |
|---|---|---|---|
${rows.join('\n')}
`;
  });
  return `
## RFC ${number}: ${title}

${summary(requirements, titles)}
${tables.join('')}`;
}

const OUTCOMES = ['shown by a test', 'followed, which no test can show', 'not followed'] as const;

function outcome({ id, followed }: Requirement, titles: readonly TestTitle[]): (typeof OUTCOMES)[number] {
  if (followed === false) return 'not followed';
  return titles.some(({ ids }) => ids.includes(id)) ? 'shown by a test' : 'followed, which no test can show';
}

function summary(requirements: readonly Requirement[], titles: readonly TestTitle[]): string {
  const outcomes = requirements.map((requirement) => ({
    level: requirement.level,
    outcome: outcome(requirement, titles),
  }));
  const count = (name: string, level?: string) =>
    outcomes.filter((one) => one.outcome === name && (level ?? one.level) === one.level).length;
  const total = OUTCOMES.map((name) => `${count(name)} ${name}`).join(', ');
  const rows = LEVELS.map(
    (level) => `| ${level} | ${OUTCOMES.map((name) => count(name, level)).join(' | ')} |`,
  );
  return `${requirements.length} requirements: ${total}.

| Level | ${OUTCOMES.join(' | ')} |
|---|---|---|---|
${rows.join('\n')}`;
}

function row(requirement: Requirement, titles: readonly TestTitle[]): string {
  const { id, level, text, reason, followed } = requirement;
  const tests = titles
    .filter(({ ids }) => ids.includes(id))
    .map((title) => `\`${title.file}\`: ${title.text}`);
  const why = reason === undefined ? [] : followed === false ? [`Not followed: ${reason}`] : [reason];
  return `| ${[id, level, text, [...why, ...tests].map(cell).join('<br>')].join(' | ')} |`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
