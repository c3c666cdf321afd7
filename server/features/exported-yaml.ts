/** A recipe as mergekit's YAML, as the text of a read-only document: a request of our own. */
import { basename } from 'node:path';
import { locate } from '../../grammar/check/imports.ts';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { type Exported, exportYaml } from '../../grammar/mergekit/export.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import { type Analysis, analyse } from '../analysis/analysis.ts';
import { homeOf } from '../analysis/targets.ts';
import { type ExportedYaml, ExportedYamlRequest } from '../protocol.ts';
import { type Feature, guarded } from './feature.ts';
import { protocolDiagnostic } from './protocol-diagnostic.ts';

/** Models that are not on this machine may be on the other: the check knows nothing of them, and only the recipe's own errors stop an export. */
function exportedFrom(analysis: Analysis, only?: string): Exported {
  const { text, imports, models } = analysis;
  const isWhole = [...models.values()].every(({ kind }) => kind === 'read');
  const here = new Map([...models].filter(([, { kind }]) => kind === 'read'));
  const { checked } = isWhole ? analysis : analyse({ ...analysis, models: here });
  const errors = checked.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { findings: errors };
  return exportYaml({
    text,
    checked,
    ...(imports === undefined ? {} : { imports }),
    ...(only === undefined ? {} : { only }),
  });
}

/** Why there is no YAML, each reason with its place. */
function refusalText(analysis: Analysis, findings: readonly Diagnostic[]): string {
  const name = basename(homeOf(analysis));
  const reasons = findings
    .filter(({ severity }) => severity === 'error')
    .map((finding) => {
      const { file, start } = locate(analysis.imports, finding);
      const used = file === undefined ? undefined : analysis.imports?.files.get(file);
      const { line, column } = lineMap(used?.text ?? analysis.text).positionAt(start);
      const place = `${file === undefined ? name : basename(file)}:${line}:${column}`;
      return `# ${place}: ${finding.code} ${finding.message.replace(/\s*\n\s*/g, ' ')}\n`;
    });
  return `# ${name} can't be said in mergekit's YAML as it stands.\n${reasons.join('')}`;
}

/** What stands in a used recipe is told at the `use` that leads there, with its place. */
function toldHere(analysis: Analysis, finding: Diagnostic): Diagnostic {
  const { recipe, imports } = analysis;
  const place = locate(imports, finding);
  if (place.file === undefined) return finding;
  const uses = recipe.statements.filter((statement) => statement.kind === 'use');
  const use = uses.find(({ path }) => {
    const answer = path && imports?.uses.get(path.value);
    return answer?.kind === 'file' && answer.file === place.file;
  });
  const { start, end } = use?.path ?? use?.word ?? uses[0]?.word ?? { start: 0, end: 0 };
  return { ...finding, start, end, related: [{ ...place, message: finding.message }] };
}

const closed: ExportedYaml = {
  text: '# The recipe is not open.\n',
  isRefused: true,
  findings: [],
};

export const exportedYaml: Feature = {
  name: 'exported YAML',
  about:
    "A read-only document with the recipe as mergekit's YAML, or with the places that mergekit can't say.",
  methods: [ExportedYamlRequest.type.method],
  capabilities: () => ({ experimental: { exportedYaml: true } }),
  attach: (connection, desk) => {
    connection.onRequest(ExportedYamlRequest.type, ({ uri, only }, token) =>
      guarded<ExportedYaml>(connection, { name: 'exported YAML', empty: closed, token }, () => {
        const analysis = desk.analysisOf(uri);
        if (analysis === undefined) return closed;
        const { yaml, findings } = exportedFrom(analysis, only);
        return {
          text: yaml ?? refusalText(analysis, findings),
          isRefused: yaml === undefined,
          findings: findings.map((of) =>
            protocolDiagnostic(analysis, toldHere(analysis, of), desk.options()),
          ),
        };
      }),
    );
  },
};
