/** What is known of one version of a YAML file: what import finds, and what the check of the recipe it becomes finds, in the YAML's places. */
import type { Catalogue } from '../../grammar/catalogue.ts';
import { check } from '../../grammar/check/check.ts';
import type { Checked } from '../../grammar/check/checked.ts';
import type { Diagnostic, Related } from '../../grammar/diagnostics/diagnostic.ts';
import { yamlUnreadable } from '../../grammar/diagnostics/mw7001-yaml-unreadable.ts';
import { runsLater } from '../../grammar/diagnostics/mw3901-runs-later.ts';
import { type Imported, importRead } from '../../grammar/mergekit/import.ts';
import type { Surroundings } from '../../grammar/mergekit/into/source.ts';
import { looksLikeMergekit } from '../../grammar/mergekit/looks.ts';
import { type Origin, originOf } from '../../grammar/mergekit/pieces.ts';
import type { YamlDocument } from '../../grammar/mergekit/yaml/nodes.ts';
import { readYaml } from '../../grammar/mergekit/yaml/read.ts';
import { type LineMap, lineMap } from '../../grammar/syntax/lines.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import type { ModelAnswers } from '../analysis/analysis.ts';
import { headersOf } from './headers.ts';

export interface YamlAnalysis {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly lines: LineMap;
  readonly catalogue: Catalogue;
  readonly documents: readonly YamlDocument[];
  readonly imported: Imported;
  /** The recipe it becomes, checked; absent where it is refused. */
  readonly checked?: Checked;
  readonly models: ModelAnswers;
  readonly surroundings: Surroundings;
  /** Everything that is wrong, in the YAML's places. */
  readonly findings: readonly Diagnostic[];
}

export interface YamlInput {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly title: string;
  readonly catalogue: Catalogue;
  readonly surroundings?: Surroundings;
  readonly models?: ModelAnswers;
  /** Codes of warnings that a setting silences. */
  readonly allow?: ReadonlySet<string>;
}

/** Undefined: the text is not one of mergekit's. */
export function analyseYaml(input: YamlInput): YamlAnalysis | undefined {
  const { uri, version, text, title, catalogue, surroundings = {}, models = new Map() } = input;
  const { allow = new Set() } = input;
  if (!looksLikeMergekit(text)) return undefined;
  const yaml = readYaml(text);
  const imported = importRead(yaml, { text, title, surroundings });
  const { documents } = yaml;
  const common = { uri, version, text, lines: lineMap(text), catalogue, documents, surroundings };
  // What is no YAML at all is for the extension that knows YAML to say.
  const own = imported.findings.filter(
    ({ code, severity }) =>
      code !== yamlUnreadable.code && (severity === 'error' || !allow.has(code)),
  );
  const { recipe } = imported;
  if (recipe === undefined) return { ...common, imported, models, findings: own };
  const parsed = parse(recipe.draft);
  const headers = headersOf(models);
  const checked = check({
    text: recipe.draft,
    ...parsed,
    catalogue,
    allow,
    ...(headers.size === 0 ? {} : { headers }),
  });
  const found = inYaml(checked.diagnostics, recipe.origins);
  return { ...common, imported, checked, models, findings: inPlace([...own, ...found]) };
}

/** Findings of the recipe at the YAML they come from; each is said once. */
function inYaml(
  diagnostics: readonly Diagnostic[],
  origins: readonly Origin[],
): readonly Diagnostic[] {
  const said = new Set<string>();
  return diagnostics.flatMap((found): readonly Diagnostic[] => {
    // Its fixes are edits of the recipe, and stay there.
    const { code, severity, message, related = [] } = found;
    // Whether this engine runs it is no concern of a file that another tool runs.
    if (code === runsLater.code) return [];
    const span = originOf(found, origins);
    if (span === undefined) return [];
    const key = `${code} ${span.start} ${span.end} ${message}`;
    if (said.has(key)) return [];
    said.add(key);
    const others = related.flatMap((one): readonly Related[] => {
      const place = originOf(one, origins);
      return place === undefined ? [] : [{ ...place, message: one.message }];
    });
    return [
      { code, severity, message, ...span, ...(others.length === 0 ? {} : { related: others }) },
    ];
  });
}

function inPlace(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  return findings.toSorted((one, other) => one.start - other.start || one.end - other.end);
}
