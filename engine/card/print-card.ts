/** The model card of an output: front matter for the hub, and what a reader wants to know. It tells no time and no place. */
import { shownBytes } from '../faults/shown.ts';
import type { BackendShare, ReportCheck, ReportRecipe } from '../output/report.ts';
import type { CardFacts, CardInput } from './card-facts.ts';
import { jointLicence, type JointLicence } from './joint-licence.ts';
import { code, fenced, markdownTable, plain, yamlText } from './markdown.ts';
import { publicPath, publicRecipe, thisAuthor, type Author } from './public-recipe.ts';

export const cardName = 'README.md';

/** What only the run tells. */
export interface CardRun {
  readonly engineVersion: string;
  readonly recipe: ReportRecipe;
  readonly weightsDigest: string;
  readonly backends: readonly BackendShare[];
  readonly checks: readonly ReportCheck[];
}

export function printCard(facts: CardFacts, run: CardRun, author: Author = thisAuthor()): string {
  const licence = jointLicence(facts.inputs);
  const parts = [
    frontMatter(facts, licence),
    `# ${plain(facts.step)}`,
    summary(facts),
    '## Recipe',
    ...recipes(run.recipe, author),
    '## Models',
    models(facts.inputs),
    licenceNote(licence),
    facts.methods.length === 0 ? undefined : '## Methods',
    facts.methods.length === 0 ? undefined : methods(facts),
    '## How it was made',
    makingOf(facts, run),
    run.checks.length === 0 ? undefined : '## Checks',
    run.checks.length === 0 ? undefined : checks(run.checks),
    facts.notes.length === 0 ? undefined : '## Notes',
    facts.notes.length === 0 ? undefined : list(facts.notes.map(plain)),
    '## Weights of the inputs',
    files(facts.inputs),
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}

function frontMatter(facts: CardFacts, licence: JointLicence): string {
  const { inputs, isMerge, library, adapter } = facts;
  const ids = adapter === undefined ? hubIds(inputs) : idsOf(adapter);
  const lines = [
    '---',
    ...(ids.length === 0 ? [] : ['base_model:', ...ids.map((id) => `- ${yamlText(id)}`)]),
    ...(ids.length > 0 ? relation(facts) : []),
    ...(library === undefined ? [] : [`library_name: ${library}`]),
    ...licenceLines(licence),
    'tags:',
    ...(isMerge ? ['- merge'] : []),
    '- mergewright',
    '---',
  ];
  return lines.join('\n');
}

/** How it was made of the models that it names. */
function relation({ isMerge, adapter }: CardFacts): readonly string[] {
  if (adapter !== undefined) return ['base_model_relation: adapter'];
  return isMerge ? ['base_model_relation: merge'] : [];
}

function idsOf({ base }: NonNullable<CardFacts['adapter']>): readonly string[] {
  return base === undefined ? [] : [base];
}

/** A model that is read twice, as a stack of its own layers does, is told once. */
function hubIds(inputs: readonly CardInput[]): readonly string[] {
  return [...new Set(inputs.flatMap(({ hub }) => (hub === undefined ? [] : [hub.id])))];
}

function licenceLines(joint: JointLicence): readonly string[] {
  switch (joint.kind) {
    case 'same': {
      const { id, name, link } = joint.licence;
      return [
        `license: ${yamlText(id)}`,
        ...(name === undefined ? [] : [`license_name: ${yamlText(name)}`]),
        ...(link === undefined ? [] : [`license_link: ${yamlText(link)}`]),
      ];
    }
    case 'unknown':
      return ['license: unknown'];
    case 'conflict':
      return ['license: other'];
  }
}

function summary(facts: CardFacts): string {
  const { isMerge, inputs, tensors, parameters, dtypes, adapter } = facts;
  const sources = inputs.length === 1 ? 'one source' : `${inputs.length} sources`;
  const models = inputs.length === 1 ? 'one model' : `${inputs.length} models`;
  const merged = isMerge ? `A merge of ${models}` : 'One model, stored anew';
  const made = adapter === undefined ? merged : `A LoRA adapter made of ${sources}`;
  return `${made}, made by Mergewright: ${tensors} tensors, ${parameters.toLocaleString('en-US')} parameters, in ${dtypes.join(', ')}.`;
}

function recipes({ text, imports = [] }: ReportRecipe, author: Author): readonly string[] {
  return [
    fenced('merge', publicRecipe(text, author)),
    ...imports.flatMap(({ path, text: used }) => [
      `It uses ${code(publicPath(path, author))}:`,
      fenced('merge', publicRecipe(used, author)),
    ]),
  ];
}

function models(inputs: readonly CardInput[]): string {
  return markdownTable(
    ['name', 'model', 'revision', 'licence'],
    inputs.map(({ name, hub, licence, kind }) => [
      code(name),
      hub === undefined ? `a local ${kind}` : code(hub.id),
      hub?.commit === undefined ? '' : code(hub.commit),
      licence === undefined
        ? 'unknown'
        : `${plain(licence.name === undefined ? licence.id : `${licence.id} (${licence.name})`)}, by its ${plain(licence.file)}`,
    ]),
  );
}

function licenceNote(joint: JointLicence): string | undefined {
  switch (joint.kind) {
    case 'same':
      return undefined;
    case 'unknown':
      return 'Not every model tells its licence, so that of the merge is not known.';
    case 'conflict':
      return '**The licences differ.** Whoever passes this model on must meet the terms of every model in the table.';
  }
}

function methods({ methods: used }: CardFacts): string {
  return list(
    used.map(
      ({ name, title, formula, reference }) =>
        `${code(name)}, ${plain(title)}: ${code(formula)}${reference === '' ? '' : `. ${plain(reference)}`}`,
    ),
  );
}

function makingOf({ seeds }: CardFacts, run: CardRun): string {
  const backends = [...new Set(run.backends.map(({ backend }) => backend))].sort();
  return markdownTable(
    ['', ''],
    [
      ['engine', `Mergewright ${plain(run.engineVersion)}`],
      ['backend', backends.map(plain).join(', ')],
      ...(seeds.length === 0
        ? []
        : [['seeds', seeds.map(({ method, seed }) => `${seed} (${method})`).join(', ')]]),
      ['weights digest', code(run.weightsDigest)],
    ],
  );
}

function checks(all: readonly ReportCheck[]): string {
  return list(
    all.map(
      ({ title, outcome, detail }) =>
        `${outcome}: ${plain(title)}${detail === undefined ? '' : `, ${plain(detail)}`}`,
    ),
  );
}

/** What tells the very files that were read: the whole of each where that is known, else its header. */
function files(inputs: readonly CardInput[]): string {
  return markdownTable(
    ['name', 'file', 'size', 'SHA-256'],
    inputs.flatMap(({ name, files: own }) =>
      own.map(({ name: file, size, headerHash, sha256 }) => [
        code(name),
        code(file),
        shownBytes(size),
        sha256 === undefined ? `${code(headerHash)} of its header` : code(sha256),
      ]),
    ),
  );
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
