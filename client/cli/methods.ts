import type { MethodSignature, Parameter } from '../../grammar/catalogue.ts';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { printJson, table, type Terminal } from './terminal.ts';

/** `methods`: one line each; with a name, all that is known of it. */
export function methodsCommand(
  terminal: Terminal,
  name: string | undefined,
  options: { readonly json?: boolean },
): ExitCode {
  if (name === undefined) {
    const all = [...catalogue.values()];
    if (options.json === true) printJson(terminal, all);
    else
      terminal.out(
        table(
          all.map((method) => [signatureText(method), method.summary]),
          9,
        ),
      );
    return exitCode.done;
  }
  const method = catalogue.get(name);
  if (method === undefined) {
    terminal.err(`error: no method is called ${name}\n`);
    return exitCode.usage;
  }
  if (options.json === true) printJson(terminal, method);
  else terminal.out(methodText(method));
  return exitCode.done;
}

function signatureText({ name, inputs }: MethodSignature): string {
  switch (inputs.kind) {
    case 'ends':
      return `${name}(${inputs.names.join(', ')})`;
    case 'one':
      return `${name}(${inputs.name})`;
    case 'experts':
      return inputs.base === 'none' ? `${name}([x, …])` : `${name}(base, [x, …])`;
  }
}

function methodText(method: MethodSignature): string {
  const parameters = method.parameters.map((parameter) => [
    `  ${parameter.name}`,
    typeText(parameter),
    defaultText(parameter),
    parameter.meaning,
  ]);
  return [
    `${signatureText(method)} · ${method.title}`,
    method.summary,
    '',
    `  ${method.formula}`,
    '',
    table(parameters, 9).trimEnd(),
    '',
    `  ${method.example}`,
    '',
    method.reference,
    '',
  ].join('\n');
}

function typeText({ type, byModel, byPlace }: Parameter): string {
  const where = [byModel === true ? 'by model' : '', byPlace === true ? 'by place' : '']
    .filter(Boolean)
    .join(', ');
  const what = ((): string => {
    switch (type.kind) {
      case 'choice':
        return type.words.map(({ word }) => word).join(' | ');
      case 'number':
        return type.name;
      default:
        return type.kind;
    }
  })();
  return where === '' ? what : `${what} (${where})`;
}

function defaultText({ default: value }: Parameter): string {
  if (value === undefined) return 'required';
  return typeof value === 'object' ? `${value.paper} (mergekit: ${value.mergekit})` : String(value);
}
