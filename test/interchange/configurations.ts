/** Configurations of mergekit's for the tests: their structure is people's, names and comments are ours. */
import { readdirSync, readFileSync } from 'node:fs';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { check } from '../../grammar/check/check.ts';
import type { Checked, HeaderAnswer } from '../../grammar/check/checked.ts';
import { sourcesOf } from '../../grammar/check/sources.ts';
import { llama } from '../../grammar/check/test-models.ts';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { exportYaml, type Exported } from '../../grammar/mergekit/export.ts';
import { importYaml, type Imported } from '../../grammar/mergekit/import.ts';
import { parse } from '../../grammar/syntax/parse.ts';

const folder = new URL('../fixtures/mergekit/', import.meta.url);

export interface Configuration {
  readonly name: string;
  readonly text: string;
}

export function configurations(from: URL = folder): readonly Configuration[] {
  return readdirSync(from)
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name) => ({ name, text: readFileSync(new URL(name, from), 'utf8') }));
}

/** More layers than any configuration asks for, so that every range is there. */
const layersOfAll = 90;

const signature = llama({ layers: layersOfAll });

export function imported({ name, text }: Configuration): Imported {
  return importYaml({ text, title: name.replace(/\.yml$/, '') });
}

/** Checked over models that are headers alone, all of one shape. */
export function checkedOver(text: string): Checked {
  const parsed = parse(text);
  const headers = new Map<string, HeaderAnswer>(
    sourcesOf(parsed.recipe)
      .filter(({ kind }) => kind === 'model')
      .map(({ name }) => [name, { kind: 'signature', signature }]),
  );
  return check({ text, ...parsed, catalogue, headers });
}

export function checkedAsText(text: string): Checked {
  return check({ text, ...parse(text), catalogue });
}

export function errorsIn(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);
}

export function exported(text: string): Exported {
  return exportYaml({ text, checked: checkedOver(text) });
}
