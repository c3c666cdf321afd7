/**
 * mergekit's YAML as a recipe: what a person would have written, comments kept, and a list of what mergekit ignores or does otherwise.
 * Pure: what stands around the file is an argument.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { inPlace } from '../diagnostics/finding.ts';
import { yamlUnreadable } from '../diagnostics/mw7001-yaml-unreadable.ts';
import { noMergeMethod } from '../diagnostics/mw7002-no-merge-method.ts';
import { documents as documentsKind } from '../diagnostics/mw7014-documents.ts';
import { keyReplaced } from '../diagnostics/mw7104-key-replaced.ts';
import { format } from '../format/format.ts';
import type { ConfigDocument, MergeDocument, ModelReference } from './config/config.ts';
import { keyOf } from './config/config.ts';
import { configOf, errorCount } from './config/read-config.ts';
import { type Reading, report } from './config/reading.ts';
import type { Importing } from './into/importing.ts';
import { mixtureStage } from './into/mixture.ts';
import { legalName, NameBook } from './into/names.ts';
import { commentText } from './into/rows.ts';
import type { Surroundings } from './into/source.ts';
import { stageOf } from './into/stage.ts';
import { foreignMethods } from './methods.ts';
import { joined, type Origin, type Piece, write } from './pieces.ts';
import { commentBook, commentsOf } from './yaml/comments.ts';
import { readYaml, type YamlText } from './yaml/read.ts';

export interface ImportInput {
  readonly text: string;
  /** What the file is called, without its ending: outputs go to a folder of that name. */
  readonly title: string;
  readonly surroundings?: Surroundings;
}

export interface Imported {
  /** Absent: refused, and the findings say why. */
  readonly recipe?: ImportedRecipe;
  /** In the YAML's own places, in their order; those that refuse are errors. */
  readonly findings: readonly Diagnostic[];
}

export interface ImportedRecipe {
  /** In normal form. */
  readonly text: string;
  /** As it was written before, and where each piece of it comes from. */
  readonly draft: string;
  readonly origins: readonly Origin[];
  /** Texts too long for a recipe, as files beside it. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

export function importYaml(input: ImportInput): Imported {
  return importRead(readYaml(input.text), input);
}

/** The same of a text that has been read already. */
export function importRead(
  yaml: YamlText,
  { text, title, surroundings = {} }: ImportInput,
): Imported {
  const reading: Reading = { findings: [], remarks: [] };
  for (const { message, start, end } of yaml.faults) {
    report(reading, yamlUnreadable, { start, end }, message);
  }
  if (yaml.faults.length > 0) return { findings: reading.findings };
  for (const { key } of yaml.replaced) {
    report(
      reading,
      keyReplaced,
      key,
      `\`${key.text}\` is given again below, and only that one holds.`,
    );
  }
  if (yaml.documents.length === 0) {
    const span = { start: 0, end: Math.min(1, text.length) };
    report(reading, noMergeMethod, span, 'There is no configuration in this file.');
  }
  const read = yaml.documents.map((document) => configOf(reading, document));
  const configs = read.flatMap((config) => config ?? []);
  const ordered = configs.length < read.length ? undefined : inOrder(reading, configs);
  if (ordered === undefined || ordered.length === 0) return refused(reading);
  const comments = commentBook(commentsOf(text));
  for (const remark of reading.remarks) comments.add(remark.text, remark.about);
  const names = new NameBook();
  const stages = stageNames(ordered, names);
  const importing: Importing = {
    reading,
    comments,
    names,
    surroundings,
    stages: new Map(
      [...stages].flatMap(([{ kind, ...config }, name]) =>
        kind === 'merge' && 'name' in config && config.name !== undefined
          ? [[config.name.value, name] as const]
          : [],
      ),
    ),
    declarations: new Map(),
    declared: new Set(),
    files: [],
    title,
    said: new Set(),
    randomCalls: 0,
  };
  const pieces: Piece[] = [];
  for (const config of ordered) {
    const name = stages.get(config)!;
    const piece =
      config.kind === 'mixture'
        ? mixtureStage(importing, config, { name })
        : stageOf(importing, config, {
            name,
            isIntermediate: isUsed(config, ordered),
            isAlone: ordered.length === 1,
          });
    if (piece !== undefined) pieces.push(piece);
  }
  if (errorCount(reading) > 0) return refused(reading);
  const rest = comments.take({ start: 0, end: text.length + 1 });
  const tail = rest.map((comment) => [commentText(comment), '\n']);
  const { text: draft, origins } = write([joined(pieces, '\n'), tail.length > 0 ? '\n' : '', tail]);
  return {
    recipe: { text: format(draft), draft, origins, files: importing.files },
    findings: inPlace(reading.findings),
  };
}

/** The models whose number of layers decides how slices are written: those of slices from the first layer on. */
export function modelsOfSlices(text: string): readonly ModelReference[] {
  const reading: Reading = { findings: [], remarks: [] };
  const { documents, faults } = readYaml(text);
  if (faults.length > 0) return [];
  return documents.flatMap((document) => {
    const config = configOf(reading, document);
    if (config?.kind !== 'merge') return [];
    return config.modules.flatMap(({ layout }) =>
      layout.kind === 'slices' && layout.slices.length === 1
        ? layout.slices[0]!.sources.map(({ model }) => model)
        : [],
    );
  });
}

function refused({ findings }: Reading): Imported {
  return { findings: inPlace(findings) };
}

/** Every document's step has a name: its own, else one that says that it is the last. */
function stageNames(
  configs: readonly ConfigDocument[],
  names: NameBook,
): ReadonlyMap<ConfigDocument, string> {
  return new Map(
    configs.map((config) => {
      const own = config.kind === 'merge' ? config.name?.value : undefined;
      const wish = own === undefined ? (configs.length > 1 ? 'final' : 'merged') : legalName(own);
      return [config, names.fresh([wish])] as const;
    }),
  );
}

/** Documents in the order in which they can be written: each below what it uses. */
function inOrder(
  reading: Reading,
  configs: readonly ConfigDocument[],
): readonly ConfigDocument[] | undefined {
  const byName = new Map<string, MergeDocument>();
  for (const config of configs) {
    if (config.kind !== 'merge' || config.name === undefined) continue;
    const { value } = config.name;
    const first = byName.get(value);
    if (first !== undefined) {
      const message = `Two documents are called \`${value}\`.`;
      return report(reading, documentsKind, config.name, message, {
        related: [{ start: first.name!.start, end: first.name!.end, message: 'the first' }],
      });
    }
    if (configs.length > 1 && foreignMethods.has(value)) {
      const message = `A document called \`${value}\` stands for that method as well, and then needs itself: give it another name.`;
      return report(reading, documentsKind, config.name, message);
    }
    byName.set(value, config);
  }
  const unnamed = configs.filter((config) => config.kind === 'merge' && config.name === undefined);
  if (unnamed.length > 1) {
    const [, second] = unnamed;
    const at = second!.kind === 'merge' ? second!.method : second!;
    const message = 'Two documents have no `name`; only the last may have none.';
    return report(reading, documentsKind, at, message);
  }
  if (configs.length === 1) return configs;
  const ordered: ConfigDocument[] = [];
  const open: ConfigDocument[] = [];
  const visit = (config: ConfigDocument): boolean => {
    if (ordered.includes(config)) return true;
    if (open.includes(config)) {
      const name = config.kind === 'merge' ? config.name : undefined;
      const message = `\`${name?.value ?? 'this document'}\` needs itself, by way of what it uses.`;
      report(reading, documentsKind, name ?? config, message);
      return false;
    }
    open.push(config);
    const isWhole = usesOf(config).every((model) => {
      const used = byName.get(model.path);
      return used === undefined || model.revision !== undefined || visit(used);
    });
    open.pop();
    if (isWhole) ordered.push(config);
    return isWhole;
  };
  return configs.every(visit) ? ordered : undefined;
}

/** Everything a document refers to. */
export function usesOf(config: ConfigDocument): readonly ModelReference[] {
  if (config.kind === 'mixture') {
    const experts =
      config.shared === undefined ? config.experts : [...config.experts, config.shared];
    return [config.base, ...experts.map(({ model }) => model)];
  }
  const { base, modules, tokenizer } = config;
  const entries = modules.flatMap(({ layout }) =>
    layout.kind === 'models'
      ? layout.models.map(({ model }) => model)
      : layout.slices.flatMap((slice) => [
          ...(slice.base === undefined ? [] : [slice.base]),
          ...slice.sources.map(({ model }) => model),
        ]),
  );
  const donors = (tokenizer?.tokens ?? []).flatMap(({ source }) =>
    source === undefined || source.kind === 'zero' ? [] : [source.model],
  );
  const donor = tokenizer === undefined || 'value' in tokenizer.source ? [] : [tokenizer.source];
  return [...(base === undefined ? [] : [base]), ...entries, ...donor, ...donors];
}

function isUsed(config: MergeDocument, all: readonly ConfigDocument[]): boolean {
  const { name } = config;
  if (name === undefined || all.length === 1) return false;
  return all.some(
    (other) =>
      other !== config && usesOf(other).some((model) => keyOf(model).split('+')[0] === name.value),
  );
}
