/** A page for every code that a user can meet, and one that lists them. */
import type { DiagnosticKind } from '../grammar/diagnostics/diagnostic.ts';
import { interchangeKinds } from '../grammar/diagnostics/interchange.ts';
import { languageKinds } from '../grammar/diagnostics/registry.ts';
import { faultKinds } from '../engine/faults/registry.ts';
import { code, generated, type Page, page, table } from './docs-text.ts';

const source = 'the kinds in `grammar/diagnostics/` and `engine/faults/`';

/** The first digit says what it is about. */
const about: Readonly<Record<string, string>> = {
  '1': 'Syntax',
  '2': 'Names',
  '3': 'Types, ranges, and what the field knows',
  '4': 'Headers and files',
  '5': 'Measured figures',
  '6': 'The machine',
  '7': 'Interchange with other tools',
};

export function allKinds(): readonly DiagnosticKind[] {
  return [...languageKinds, ...interchangeKinds, ...faultKinds].toSorted((a, b) =>
    a.code < b.code ? -1 : 1,
  );
}

export function diagnosticPages(): readonly Page[] {
  const kinds = allKinds();
  return [indexPage(kinds), ...kinds.map(kindPage)];
}

function indexPage(kinds: readonly DiagnosticKind[]): Page {
  const sections = Object.entries(about).flatMap(([digit, title]) => [
    `## ${title}`,
    table(
      ['code', 'severity', ''],
      kinds
        .filter((kind) => kind.code.startsWith(`MW${digit}`))
        .map((kind) => [`[${kind.code}](${kind.code}.md)`, kind.severity, kind.title]),
    ),
  ]);
  return page(
    'docs/diagnostics/README.md',
    '# Findings and faults',
    'Each has a code that never changes its meaning.\nErrors stop a merge.\nWarnings, information and hints do not, and can be allowed: on a line by a comment, everywhere by the setting `mergewright.diagnostics.allow` or by `check --allow CODE`.',
    '```merge\nmerge sharp = ties(base, [math], density: 100%)  // allow MW3103: compared with the trimmed one below\n```',
    ...sections,
    generated(source),
  );
}

function kindPage(kind: DiagnosticKind): Page {
  const isRecipe = !kind.code.startsWith('MW7') && !kind.code.startsWith('MW6');
  const fence = isRecipe ? 'merge' : 'text';
  const canAllow = kind.severity !== 'error' && /^MW[1-5]/.test(kind.code);
  return page(
    `docs/diagnostics/${kind.code}.md`,
    `# ${kind.code}: ${kind.title}`,
    `${severityText(kind)}.`,
    kind.what,
    `## Wrong\n\n\`\`\`${fence}\n${kind.wrong}\n\`\`\``,
    `## Right\n\n\`\`\`${fence}\n${kind.right}\n\`\`\``,
    canAllow
      ? `If it is meant, say so on the line, with the reason: ${code(`// allow ${kind.code}: …`)}.`
      : undefined,
    '[All findings](README.md)',
    generated(source),
  );
}

function severityText({ severity, code: of }: DiagnosticKind): string {
  const depth =
    of.startsWith('MW4') && of < 'MW45'
      ? ', once the models’ headers are read'
      : of.startsWith('MW51')
        ? ', once a preview has measured the models'
        : '';
  switch (severity) {
    case 'error':
      return `Error${depth}`;
    case 'warning':
      return `Warning${depth}`;
    case 'information':
      return `Information${depth}`;
    case 'hint':
      return `Hint${depth}`;
  }
}
